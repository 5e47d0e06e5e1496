/** Whom the houses expect; who is there is let in by one tap. */
import { IconDoorEnter } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { type Doc, hub, kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Empty, Loaded } from "~/ui/states";
import { GateChoice, useGate } from "../gates/GateChoice";
import { laneOf } from "../gates/Gates";
import { Finder } from "../keys/Finder";
import { Against } from "../post/Against";
import type { PlaceProps } from "../post/Post";
import { Press, useDeed } from "../post/Press";

export function Expected(_: PlaceProps) {
  const t = useTexts();
  const [search, setSearch] = useState("");
  const [gate, choose] = useGate();
  const query = hub.useQuery(
    "get",
    "/api/expected",
    { params: { query: { search } } },
    { placeholderData: keepPreviousData },
  );
  return (
    <Finder
      label={t("expected-find")}
      layouts={["plate", "words"]}
      value={search}
      onChange={setSearch}
      actions={<GateChoice gate={gate} choose={choose} />}
    >
      <Loaded query={query}>
        {({ passes }) =>
          passes.length === 0 ? (
            <Empty>{search ? t("expected-none-such") : t("expected-none")}</Empty>
          ) : (
            <ul className="rows">
              {passes.map((pass) => (
                <One key={pass.id} pass={pass} gate={gate} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Finder>
  );
}

function One({ pass, gate }: { pass: Doc<"ExpectedPass">; gate?: Doc<"Gate"> }) {
  const t = useTexts();
  const deed = useDeed();
  const open = (insist: boolean) => async () => {
    if (!gate) return;
    const body = { lane: laneOf(gate, "entry"), pass: pass.id, insist };
    const params = { path: { key: gate.key }, header: deed.once([gate.key, body]) };
    await told(kiosk.POST("/api/gates/{key}/open", { params, body }));
  };
  const who = [pass.kind_text, pass.name].filter(Boolean).join(": ");
  return (
    <li className="row">
      <Plate shown={pass.plate_shown} />
      <div className="row-text">
        <div>
          <strong>{t("house-label", { house: pass.house_label })}</strong> {who}
          {pass.note && ` · ${pass.note}`}
        </div>
        <div className="quiet small">
          {pass.window_text}
          {pass.entries_left != null && ` · ${t("expected-entries", { count: pass.entries_left })}`}
          {pass.guard && ` · ${t("expected-by", { guard: pass.guard })}`}
        </div>
      </div>
      <Press
        deed={deed}
        name="open"
        kind={pass.holds ? "open" : "plain"}
        icon={<IconDoorEnter />}
        act={open(false)}
      >
        {t("waiting-let-in")}
        <span className="unseen"> {pass.plate_shown || who}</span>
      </Press>
      <Against deed={deed} insist={open(true)} />
    </li>
  );
}
