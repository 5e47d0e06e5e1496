/** The application itself: who, which house, what speaks for it, and the consent. */
import { Button, Checkbox, Radio, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import type { Account } from "~/session/session";
import { useSpeech } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed } from "~/ui/states";
import { Photo } from "./Photo";

const KINDS = ["owner", "family", "tenant", "staff"] as const;
const FIELDS = ["name", "phone", "code", "house", "photo"];

export function Application({
  card,
  consent,
  account,
  applied,
}: {
  card: Doc<"CommunityCard">;
  consent: Doc<"CurrentConsent">;
  account?: Account;
  applied: (receipt: Doc<"ApplicationReceipt">) => void;
}) {
  const { t, language } = useSpeech();
  const queries = useQueryClient();
  const once = useOnce();
  const params = { path: { community: card.id } };
  const { code: known } = useSearch({ strict: false }) as { code?: string };
  // Who is of the settlement already is known there.
  const isKnown = account?.persons.some((person) => person.community === card.id);

  const [proof, setProof] = useState(card.joining.includes("code") ? "code" : "photo");
  const [name, setName] = useState(account?.persons[0]?.name ?? "");
  const [phone, setPhone] = useState("");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("owner");
  const [code, setCode] = useState(String(known ?? ""));
  const [house, setHouse] = useState("");
  const [photo, setPhoto] = useState<Blob>();
  // Of the photo that was sent: it is sent once, however often the rest is put right.
  const [sent, setSent] = useState<{ photo: Blob; token: string }>();
  const [agreed, setAgreed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const sendPhoto = async (photo: Blob) => {
    if (sent?.photo === photo) return sent.token;
    const { data, error } = await cloud.POST("/api/v1/communities/{community}/applications/photo", {
      params,
      // The description has no type for bytes.
      body: photo as unknown as string,
      bodySerializer: () => photo,
      headers: { "Content-Type": photo.type },
    });
    if (error) throw error;
    setSent({ photo, token: data.token });
    return data.token;
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const who = isKnown ? {} : { name, phone };
      const shown = proof === "code" ? { code } : { house, photo: photo && (await sendPhoto(photo)) };
      const body = { ...who, ...shown, language, kind, consent: consent.id };
      const answer = await cloud.POST("/api/v1/communities/{community}/applications", {
        params,
        headers: once(body),
        body: body as Doc<"NewApplication">,
      });
      if (answer.error) throw answer.error;
      applied(answer.data);
    } catch (problem) {
      setError(problem);
      if (problemOf(problem)?.field === "photo") setSent(undefined);
      // Where another text is agreed to by now, it is shown and asked for.
      if (["consent", undefined].includes(problemOf(problem)?.field ?? undefined)) {
        queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/card"] });
      }
    } finally {
      setBusy(false);
    }
  };

  const { field, code: wrong, detail } = problemOf(error) ?? {};
  // A house, or its code, that is not there.
  const unknown = wrong === "not-found" && detail;
  const isAtField = unknown || (field && FIELDS.includes(field));
  return (
    <form onSubmit={send} className="form">
      <Panel title={t("join-who")}>
        <div className="form">
          {!isKnown && (
            <>
              <TextInput
                label={t("join-name")}
                name="name"
                autoComplete="name"
                required
                withAsterisk={false}
                value={name}
                error={wrongWith(error, "name")}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                label={t("join-phone")}
                description={t("join-phone-why")}
                name="phone"
                type="tel"
                autoComplete="tel"
                value={phone}
                error={wrongWith(error, "phone")}
                onChange={(event) => setPhone(event.currentTarget.value)}
              />
            </>
          )}
          <Radio.Group
            label={t("join-kind")}
            value={kind}
            onChange={(kind) => setKind(kind as (typeof KINDS)[number])}
          >
            <Stack gap="sm" mt="xs">
              {KINDS.map((kind) => (
                <Radio key={kind} value={kind} label={t(`join-kind-${kind}`)} />
              ))}
            </Stack>
          </Radio.Group>
        </div>
      </Panel>

      <Panel title={t("join-house")}>
        <div className="form">
          {card.joining.length > 1 && (
            <SegmentedControl
              fullWidth
              size="md"
              aria-label={t("join-proof")}
              value={proof}
              onChange={setProof}
              data={card.joining.map((proof) => ({ value: proof, label: t(`join-proof-${proof}`) }))}
            />
          )}
          {proof === "code" ? (
            <TextInput
              label={t("join-code")}
              description={t("join-code-where")}
              name="code"
              autoComplete="off"
              autoCapitalize="characters"
              required
              withAsterisk={false}
              value={code}
              error={wrongWith(error, "code") ?? unknown}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          ) : (
            <>
              <TextInput
                label={t("join-house-label")}
                description={t("join-house-how")}
                name="house"
                required
                withAsterisk={false}
                value={house}
                error={wrongWith(error, "house") ?? unknown}
                onChange={(event) => setHouse(event.currentTarget.value)}
              />
              <Photo photo={photo} setPhoto={setPhoto} error={wrongWith(error, "photo")} />
            </>
          )}
        </div>
      </Panel>

      <Panel title={t("join-consent", { number: consent.number })}>
        <div className="form">
          <p className="prose consent">{consent.text}</p>
          <Checkbox
            label={t("join-agree")}
            required
            checked={agreed === consent.id}
            onChange={(event) => setAgreed(event.currentTarget.checked ? consent.id : undefined)}
          />
        </div>
      </Panel>

      {!isAtField && <Failed error={error} />}
      <Button type="submit" loading={busy} disabled={proof === "photo" && !photo}>
        {t("join-send")}
      </Button>
      {proof === "photo" && !photo && <p className="quiet small">{t("join-photo-first")}</p>}
    </form>
  );
}
