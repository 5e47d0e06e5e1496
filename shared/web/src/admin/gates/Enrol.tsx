/** A code for a new hub, or for one in the place of another: shown once, typed at the gatehouse, and then seen to arrive. */
import { Button, CopyButton, NativeSelect, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { wrongWith } from "~/api/answers";
import { api, clock, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";

type Asked = Doc<"HubCode"> & { label: string; known: Set<string> };

export function Enrol({ hubs }: { hubs: Doc<"Hub">[] }) {
  const t = useTexts();
  const community = useCommunity();
  const labels = [...new Set(hubs.map((hub) => hub.label))];
  const [replaces, setReplaces] = useState(false);
  const [label, setLabel] = useState("");
  const [old, setOld] = useState(labels[0] ?? "");
  const [asked, setAsked] = useState<Asked>();
  const invite = api.useMutation("post", "/api/v1/communities/{community}/hubs");
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const called = replaces ? old : label.trim();
    const known = new Set(hubs.map((hub) => hub.id));
    const body = { label: called, replaces };
    const code = await invite.mutateAsync({ params: { path: { community } }, body }).catch(() => undefined);
    if (code) setAsked({ ...code, label: called, known });
  };
  if (asked) {
    const come = hubs.find((hub) => !asked.known.has(hub.id));
    return come ? (
      <Come hub={come} done={() => setAsked(undefined)} />
    ) : (
      <Code asked={asked} done={() => setAsked(undefined)} />
    );
  }
  return (
    <form onSubmit={send}>
      <Stack align="flex-start">
        {labels.length > 0 && (
          <Radio.Group
            label={t("enrol-which")}
            value={replaces ? "old" : "new"}
            onChange={(value) => setReplaces(value === "old")}
          >
            <Stack gap="xs" mt="xs">
              <Radio size="md" value="new" label={t("enrol-new")} />
              <Radio
                size="md"
                value="old"
                label={t("enrol-replaces")}
                description={t("enrol-replaces-means")}
              />
            </Stack>
          </Radio.Group>
        )}
        {replaces ? (
          <NativeSelect
            label={t("enrol-old")}
            data={labels}
            value={old}
            onChange={(event) => setOld(event.currentTarget.value)}
            error={wrongWith(invite.error, "label")}
          />
        ) : (
          <TextInput
            label={t("enrol-label")}
            description={t("enrol-label-means")}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={wrongWith(invite.error, "label")}
            required
          />
        )}
        {!wrongWith(invite.error, "label") && <Failed error={invite.error} />}
        <Button type="submit" loading={invite.isPending}>
          {t("enrol-code")}
        </Button>
      </Stack>
    </form>
  );
}

function Code({ asked, done }: { asked: Asked; done: () => void }) {
  const t = useTexts();
  const { time } = useTimes();
  const over = useIsOver(asked.until_ms);
  const command = `dwellers-hub enroll ${window.location.origin} ${asked.code}`;
  if (over) {
    return (
      <Said tone="warning" action={<Button onClick={done}>{t("enrol-again")}</Button>}>
        {t("enrol-over")}
      </Said>
    );
  }
  return (
    <div role="status">
      <p>{t("enrol-shown", { label: asked.label, at: time(asked.until_ms) })}</p>
      <p className="enrol-code code">{asked.code}</p>
      <p>{t("enrol-type")}</p>
      <div className="enrol-command">
        <code className="code">{command}</code>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t("enrol-copied") : t("enrol-copy")}
            </Button>
          )}
        </CopyButton>
      </div>
      <p className="quiet">{t("enrol-waits")}</p>
      <Button variant="default" onClick={done}>
        {t("close")}
      </Button>
    </div>
  );
}

function Come({ hub, done }: { hub: Doc<"Hub">; done: () => void }) {
  const t = useTexts();
  return (
    <div role="status">
      <p>
        <b>{t("enrol-come", { label: hub.label })}</b>
      </p>
      <p>{t("enrol-compare")}</p>
      <p className="enrol-code code">{hub.fingerprint}</p>
      <Button onClick={done}>{t("enrol-same")}</Button>
    </div>
  );
}

function useIsOver(until_ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), until_ms - clock.now());
    return () => clearTimeout(timer);
  }, [until_ms]);
  return over;
}
