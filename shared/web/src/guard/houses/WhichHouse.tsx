/** The house that a number means, with who lives there; or those that it may become. */
import type { Doc } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Tap } from "../post/Press";

const NEAR = 6;

export function WhichHouse({
  number,
  house,
  near,
  choose,
}: {
  number: string;
  house?: Doc<"House">;
  near: Doc<"House">[];
  choose: (number: string) => void;
}) {
  const t = useTexts();
  if (house) {
    return (
      <p className="which-house" role="status">
        <strong>{t("house-label", { house: house.label })}</strong>{" "}
        {house.people.map(({ name }) => name).join(", ") || t("house-empty")}
      </p>
    );
  }
  if (!number) return <p className="quiet">{t("house-which")}</p>;
  if (near.length === 0) {
    return <p role="status">{t("house-unknown", { house: number })}</p>;
  }
  return (
    <fieldset className="choices" aria-label={t("house-maybe")}>
      {near.slice(0, NEAR).map(({ id, label }) => (
        <Tap key={id} onTap={() => choose(label)}>
          {t("house-label", { house: label })}
        </Tap>
      ))}
    </fieldset>
  );
}
