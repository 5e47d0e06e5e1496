/** Asking to join a settlement, and what becomes of it. */
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "~/api/client";
import { useAccount } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Empty, Loaded } from "~/ui/states";
import { botLink } from "../account/bot";
import { Doorstep } from "../account/Doorstep";
import { Application } from "./Application";
import { Progress } from "./Progress";
import { keepTicket, tickets } from "./tickets";
import "./join.css";

/** The same is asked by the bot, whom many of them have at hand. */
function WithBot({ community, bot }: { community: string; bot: string }) {
  const t = useTexts();
  const { code } = useSearch({ strict: false }) as { code?: string };
  // Telegram takes letters and digits, of which codes of houses are made.
  const known = code && /^[A-Za-z0-9]{1,20}$/.test(code) ? `-${code}` : "";
  return (
    <p>
      <a href={botLink(bot, `c-${community}${known}`)} target="_blank" rel="noreferrer">
        {t("join-in-telegram")}
      </a>
    </p>
  );
}

export function Apply({ community }: { community: string }) {
  const t = useTexts();
  const params = { path: { community } };
  const card = api.useQuery("get", "/api/v1/communities/{community}/card", { params });
  const account = useAccount();
  const mine = api.useQuery(
    "get",
    "/api/v1/communities/{community}/applications/mine",
    { params },
    { enabled: Boolean(account.data) },
  );
  const [ticket, setTicket] = useState(() => tickets()[community]);
  const [anew, setAnew] = useState(false);
  const follow = (ticket: string | undefined) => {
    keepTicket(community, ticket);
    setTicket(ticket);
    setAnew(!ticket);
  };
  // Whoever is signed in finds what they asked for on another device, too.
  const followed = ticket ?? (anew ? undefined : mine.data?.applications[0]?.id);
  const isHere = account.data?.persons.find((person) => person.community === community && person.held.length);

  return (
    <Doorstep title={card.data ? t("join", { community: card.data.name }) : t("join-somewhere")}>
      {isHere && (
        <p>
          {t("join-is-here", { name: isHere.name })} <Link to="/">{t("join-to-gates")}</Link>
        </p>
      )}
      {followed ? (
        <Progress community={community} ticket={followed} again={() => follow(undefined)} />
      ) : (
        <Loaded query={card}>
          {(card) =>
            card.consent && card.joining.length ? (
              <>
                {card.telegram && <WithBot community={community} bot={card.telegram} />}
                <Application
                  card={card}
                  consent={card.consent}
                  account={account.data ?? undefined}
                  applied={({ secret }) => follow(secret)}
                />
              </>
            ) : (
              <Empty>{t("join-closed")}</Empty>
            )
          }
        </Loaded>
      )}
      {!account.data && <Link to="/sign-in">{t("join-to-sign-in")}</Link>}
    </Doorstep>
  );
}
