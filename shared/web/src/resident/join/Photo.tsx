/** A photo that speaks for somebody: taken now, or chosen. */
import { IconCamera, IconPhoto, IconUser } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTexts } from "~/texts/texts";
import { Failed, Loading, Said } from "~/ui/states";
import { shrunk } from "./shrink";

export function Photo({
  photo,
  setPhoto,
  error,
}: {
  photo?: Blob;
  setPhoto: (photo: Blob | undefined) => void;
  error?: string;
}) {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const [unreadable, setUnreadable] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setUnreadable(false);
    try {
      setPhoto(await shrunk(file));
    } catch {
      setUnreadable(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <fieldset className="photo">
      <legend>{t("join-photo")}</legend>
      <p className="quiet small">{t("join-photo-how")}</p>
      {photo && <Preview photo={photo} />}
      {busy && <Loading />}
      {unreadable && <Said tone="wrong">{t("join-photo-unreadable")}</Said>}
      {error && <Failed error={{ code: "invalid", detail: error }} />}
      <div className="photo-ways">
        <Take
          label={t("join-photo-window")}
          icon={<IconCamera aria-hidden />}
          capture="environment"
          take={take}
        />
        <Take label={t("join-photo-selfie")} icon={<IconUser aria-hidden />} capture="user" take={take} />
        <Take label={t("join-photo-file")} icon={<IconPhoto aria-hidden />} take={take} />
      </div>
    </fieldset>
  );
}

function Take({
  label,
  icon,
  capture,
  take,
}: {
  label: string;
  icon: ReactNode;
  /** Which camera a phone opens; without one it asks where the photo lies. */
  capture?: "user" | "environment";
  take: (file: File | undefined) => void;
}) {
  return (
    <label className="photo-way">
      {icon}
      <span>{label}</span>
      <input
        type="file"
        accept="image/*"
        capture={capture}
        className="unseen"
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}

function Preview({ photo }: { photo: Blob }) {
  const t = useTexts();
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return address ? <img src={address} alt={t("join-photo-preview")} /> : null;
}
