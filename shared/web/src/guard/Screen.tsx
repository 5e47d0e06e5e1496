/** What the touchscreen shows: the post, or whoever has to say who they are, or why there is nothing to show. */
import { useState } from "react";
import { refusalOf } from "~/api/kiosk";
import { Loading } from "~/ui/states";
import { useFresh } from "./fresh";
import { Post } from "./post/Post";
import { Silence } from "./post/Silence";
import { SignIn } from "./session/SignIn";
import { useWho } from "./session/session";
import { Unpaired } from "./session/Unpaired";

export function Screen() {
  useFresh();
  const who = useWho();
  const guard = who.data?.guard;
  // The post stays behind the question who is there: the same guard finds it as they left it, another one finds it new.
  const [kept, keep] = useState(guard);
  if (guard && guard.id !== kept?.id) keep(guard);

  const refusal = refusalOf(who.error);
  if (refusal?.code === "screen-not-paired") return <Unpaired />;
  if (!who.data) return who.error ? <Silence problem={refusal?.detail} /> : <Loading />;
  return (
    <>
      {kept && (
        <div hidden={!guard}>
          <Post key={kept.id} signedIn={Boolean(guard)} />
        </div>
      )}
      {!guard && <SignIn silent={Boolean(who.error)} last={kept?.id} />}
    </>
  );
}
