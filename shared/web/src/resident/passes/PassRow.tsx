/** A pass as a line of a list, which leads to it. */
import {
  IconCar,
  IconChevronRight,
  IconConfetti,
  IconPackage,
  IconRepeat,
  IconTicket,
  IconUser,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useHere } from "~/session/session";
import { type Texts, useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { type Times, useTimes } from "~/ui/times";
import type { Pass } from "./passes";
import "./passes.css";

const ICONS: Record<string, typeof IconCar> = {
  guest: IconUser,
  taxi: IconCar,
  courier: IconPackage,
  recurring: IconRepeat,
  event: IconConfetti,
};

export function KindIcon({ kind }: { kind: string }) {
  const Icon = ICONS[kind] ?? IconTicket;
  return <Icon aria-hidden className="pass-icon" />;
}

/** Until when it holds, from when on it does, or how it ended. */
export function whenOf(pass: Pass, t: Texts, { moment }: Times): string {
  const { standing, next_ms, validity } = pass;
  if (next_ms) return t("pass-from", { moment: moment(next_ms) });
  if (standing !== "holds") return pass.standing_text;
  return validity.weekly ? pass.window_text : t("pass-until", { moment: moment(validity.until_ms ?? 0) });
}

export function PassRow({ pass }: { pass: Pass }) {
  const t = useTexts();
  const times = useTimes();
  const { houses } = useHere();
  const details = [
    pass.plate_shown || pass.name ? pass.kind_text : undefined,
    pass.plate_shown && pass.name,
    houses.length > 1 && t("house-label", { house: pass.house_label }),
    pass.entries != null && pass.entries > 1 && t("pass-used", { used: pass.used, entries: pass.entries }),
  ];
  return (
    <li>
      <Link
        to="/passes/$pass"
        params={{ pass: pass.id }}
        className="row pass-row"
        data-standing={pass.standing}
      >
        <KindIcon kind={pass.kind} />
        <span className="row-text">
          <span className="pass-who">
            {pass.plate_shown ? (
              <Plate shown={pass.plate_shown} />
            ) : (
              <strong>{pass.name || pass.kind_text}</strong>
            )}
          </span>
          <span className="quiet small">{details.filter(Boolean).join(" · ")}</span>
          <span className="small pass-when">{whenOf(pass, t, times)}</span>
        </span>
        <IconChevronRight aria-hidden className="quiet" />
      </Link>
    </li>
  );
}
