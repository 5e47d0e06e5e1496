/** Who is a guard or an administrator. */
import { useQueryClient } from "@tanstack/react-query";
import { cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel, Row, Rows } from "~/ui/Page";
import { Empty } from "~/ui/states";
import { EndGrant } from "./EndGrant";

const OFFICES = ["guard", "administrator"] as const;

export function Roles({ person }: { person: Doc<"PersonDetails"> }) {
  const t = useTexts();
  const roles = person.held.filter((held) => !held.house);
  const others = OFFICES.filter((office) => !roles.some(({ capacity }) => capacity === office));
  return (
    <Panel title={t("roles")}>
      {!roles.length && <Empty>{t("roles-none")}</Empty>}
      <Rows>
        {roles.map(({ id, capacity }) => (
          <Row
            key={id}
            actions={
              <EndGrant
                grant={id}
                button={t("roles-revoke")}
                title={t("roles-revoke-title", { name: person.name, role: t(`place-${capacity}`) })}
              />
            }
          >
            {t(`roles-is-${capacity}`)}
          </Row>
        ))}
      </Rows>
      <div className="acts">
        {others.map((role) => (
          <Grant key={role} person={person} role={role} />
        ))}
      </div>
    </Panel>
  );
}

function Grant({ person, role }: { person: Doc<"PersonDetails">; role: (typeof OFFICES)[number] }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const once = useOnce();
  const grant = async () => {
    const { error } = await cloud.POST("/api/v1/communities/{community}/roles", {
      params: { path: { community } },
      body: { person: person.id, role },
      headers: once(role),
    });
    if (error) throw error;
    once.done();
    for (const path of ["people", "people/{person}", "roles"]) {
      void queries.invalidateQueries({ queryKey: ["get", `/api/v1/communities/{community}/${path}`] });
    }
  };
  return (
    <Ask
      calm
      button={t(`roles-grant-${role}`)}
      title={t(`roles-grant-${role}-title`, { name: person.name })}
      consequences={<p>{t(`roles-grant-${role}-what`)}</p>}
      confirm={t(`roles-grant-${role}`)}
      act={grant}
    />
  );
}
