/** Who takes the post: a name, then its PIN. */
import { IconUser } from "@tabler/icons-react";
import { useState } from "react";
import { hub } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Empty, Loaded } from "~/ui/states";
import { Tap } from "../post/Press";
import { Silence } from "../post/Silence";
import { PinPad } from "./PinPad";
import { useSession } from "./session";

const LOOK_MS = 10_000;

/** `last`: whose session ended here. */
export function SignIn({ silent, last }: { silent: boolean; last?: string }) {
  const t = useTexts();
  const { signIn } = useSession();
  const guards = hub.useQuery("get", "/api/guards", {}, { refetchInterval: LOOK_MS });
  const [chosen, choose] = useState(last);
  const known = guards.data?.guards;
  // Where there is only one, there is nothing to choose.
  const guard =
    known?.find(({ id }) => id === chosen)?.id ?? (known?.length === 1 ? known[0]?.id : undefined);
  return (
    <main className="sign-in">
      {silent && <Silence />}
      <section>
        <h1>{last ? t("sign-in-again") : t("sign-in-title")}</h1>
        <Loaded query={guards}>
          {({ guards }) =>
            guards.length === 0 ? (
              <Empty>
                {t("sign-in-nobody")} <code>dwellers-hub guard add</code>
              </Empty>
            ) : (
              <div className="sign-in-names">
                {guards.map(({ id, name }) => (
                  <Tap key={id} chosen={id === guard} icon={<IconUser />} onTap={() => choose(id)}>
                    {name}
                  </Tap>
                ))}
              </div>
            )
          }
        </Loaded>
      </section>
      {guard ? (
        <PinPad key={guard} confirm={t("sign-in-enter")} enter={(pin) => signIn(guard, pin)} />
      ) : (
        <p className="quiet">{t("sign-in-choose")}</p>
      )}
    </main>
  );
}
