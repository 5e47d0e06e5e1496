/** What the camera of a lane sees now, as long as somebody looks. */
import { useEffect, useState } from "react";
import type { Doc } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { useLive } from "../post/live";

/** Between two pictures. */
const LOOK_MS = 1_000;
/** After a picture that did not come. */
const AGAIN_MS = 3_000;

export function Lane({ cameras }: { cameras: Doc<"Camera">[] }) {
  return cameras.map((camera) => <Frame key={camera.key} camera={camera} />);
}

function Frame({ camera }: { camera: Doc<"Camera"> }) {
  const t = useTexts();
  const { answers, signedIn } = useLive();
  const looks = answers && signedIn && camera.shows;
  const [at, setAt] = useState(0);
  const [shown, setShown] = useState(true);
  const [next, setNext] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each picture asks for the next
  useEffect(() => {
    if (next === undefined) return;
    const timer = setTimeout(() => setAt((at) => at + 1), next);
    return () => clearTimeout(timer);
  }, [next, at]);
  // The next is asked for when this one has come, however long that takes.
  const came = (did: boolean) => {
    setShown(did);
    setNext(did ? LOOK_MS : AGAIN_MS);
  };
  return (
    <figure className="lane">
      {looks && (
        <img
          src={`/api/cameras/${encodeURIComponent(camera.key)}/frame?${at}`}
          alt={t("lane-picture", { camera: camera.name })}
          hidden={!shown}
          onLoad={() => came(true)}
          onError={() => came(false)}
        />
      )}
      {!(looks && shown) && <div className="lane-dark">{t("lane-dark")}</div>}
      <figcaption>{t("lane-now", { camera: camera.name })}</figcaption>
    </figure>
  );
}
