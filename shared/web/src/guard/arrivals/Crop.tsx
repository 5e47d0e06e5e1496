/** The picture of a plate, as the camera saw it. */
import { useState } from "react";
import { useTexts } from "~/texts/texts";

export function Crop({ hash, shown }: { hash: string; shown: string }) {
  const t = useTexts();
  const [gone, setGone] = useState(false);
  if (!hash || gone) return null;
  return (
    <img
      className="crop"
      src={`/api/crops/${hash}`}
      alt={t("crop", { plate: shown || "?" })}
      onError={() => setGone(true)}
    />
  );
}
