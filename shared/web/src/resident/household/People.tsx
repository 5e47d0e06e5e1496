/** The people of a house: what each may do, and how they come and go. */
import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, cloud, type Doc } from "~/api/client";
import { useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel, Row, Rows } from "~/ui/Page";
import { Empty, Failed, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Ends } from "./Ends";
import { Handover } from "./Handover";
import { Invite } from "./Invite";

export const PEOPLE = "/api/v1/communities/{community}/houses/{house}/people";

/** What one may do in a house, in the order in which it matters to people. */
const RIGHTS = ["OpenGates", "IssuePass", "AnswerQuestion", "AddVehicle", "Invite", "RevokeInHouse"];

export function People({ house }: { house: string }) {
  const t = useTexts();
  const { community, may } = useHere();
  const people = api.useQuery("get", PEOPLE, { params: { path: { community, house } } });
  const [invites, setInvites] = useState(false);
  return (
    <Panel title={t("household-people")}>
      <Loaded query={people}>
        {({ people }) =>
          people.length ? (
            <Rows>
              {people.map((person) => (
                <Person key={person.id} person={person} house={house} />
              ))}
            </Rows>
          ) : (
            <Empty>{t("household-people-none")}</Empty>
          )
        }
      </Loaded>
      {may("Invite", house) && (
        <Button
          mt="md"
          fullWidth
          variant="default"
          leftSection={<IconUserPlus aria-hidden />}
          onClick={() => setInvites(true)}
        >
          {t("household-invite")}
        </Button>
      )}
      <Invite house={house} opened={invites} close={() => setInvites(false)} />
    </Panel>
  );
}

/** `OpenGates` as texts are called: `open-gates`. */
const kebab = (permission: string) => permission.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase();

function Person({ person, house }: { person: Doc<"Inhabitant">; house: string }) {
  const t = useTexts();
  const { day } = useTimes();
  const here = useHere();
  const community = useCommunity();
  const queries = useQueryClient();
  const isMe = person.person === here.person;
  const rights = RIGHTS.filter((right) => person.may.includes(right)).map((right) =>
    t(`household-may-${kebab(right)}`),
  );
  const remove = async () => {
    const { error } = await cloud.DELETE("/api/v1/communities/{community}/houses/{house}/people/{place}", {
      params: { path: { community, house, place: person.id } },
    });
    if (error) throw error;
    await queries.invalidateQueries({
      predicate: ({ queryKey: [, path] }) => path === PEOPLE || String(path).includes("/vehicles"),
    });
    // Who has gone themselves is somebody less.
    if (isMe) await queries.invalidateQueries();
  };
  return (
    <Row
      detail={
        <>
          {person.phone && (
            <>
              <a href={`tel:${person.phone}`}>{person.phone}</a>
              <br />
            </>
          )}
          {rights.length > 0 && (
            <>
              {t("household-may", { rights: rights.join(", ") })}
              <br />
            </>
          )}
          {person.by_name
            ? t("household-by", { name: person.by_name, day: day(person.since_ms) })
            : t("household-since", { day: day(person.since_ms) })}
        </>
      }
      actions={
        <div className="deeds">
          {here.may("Invite", house) && person.by === here.person && <Anew person={person} house={house} />}
          {person.may_remove && (
            <Ask
              quiet
              button={t("household-remove")}
              title={t(isMe ? "household-leave-sure" : "household-remove-sure", { name: person.name })}
              consequences={<Ends grant={person.id} />}
              confirm={t("household-remove")}
              act={remove}
            />
          )}
        </div>
      }
    >
      <strong>{person.name}</strong>
      {isMe && ` (${t("household-me")})`}, {t(`household-kind-${person.capacity}`)}
    </Row>
  );
}

/** Another link for who has lost theirs and has not signed in yet. */
function Anew({ person, house }: { person: Doc<"Inhabitant">; house: string }) {
  const t = useTexts();
  const community = useCommunity();
  const link = api.useMutation("post", "/api/v1/communities/{community}/houses/{house}/people/{place}/link");
  const ask = () => link.mutate({ params: { path: { community, house, place: person.id } } });
  return (
    <>
      <Button variant="subtle" onClick={ask} loading={link.isPending}>
        {t("household-link-anew")}
      </Button>
      <Failed error={link.error} />
      <Handover name={person.name} link={link.data} close={() => link.reset()} />
    </>
  );
}
