/** What the settlement is called, and by which clock, language, money and plates it lives. */
import { Button, NativeSelect, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { type Tagged, tagged } from "~/api/tagged";
import { useCommunity } from "~/session/session";
import { useSpeech, useTexts } from "~/texts/texts";
import { Failed, Loaded, Said } from "~/ui/states";
import { isStale, useDraft } from "./edited";

const PATH = "/api/v1/communities/{community}";

export function Community() {
  const params = { path: { community: useCommunity() } };
  const community = useQuery({
    queryKey: ["get", PATH, { params }, "edited"],
    queryFn: async () => tagged(await cloud.GET(PATH, { params, cache: "no-store" })),
  });
  return <Loaded query={community}>{({ document, tag }) => <Form document={document} tag={tag} />}</Loaded>;
}

function Form({ document, tag }: Tagged<Doc<"Community">>) {
  const t = useTexts();
  const { language } = useSpeech();
  const community = useCommunity();
  const queries = useQueryClient();
  const { value, change, clear, isChanged } = useDraft<Doc<"CommunitySettings">>({
    name: document.name,
    time_zone: document.time_zone,
    language: document.language,
    currency: document.currency,
    country: document.country,
  });
  const { zones, countries, currencies } = useMemo(() => known(language), [language]);
  const edit = api.useMutation("put", PATH, {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", PATH] });
      clear();
    },
    // What another has set is shown beside what was typed here.
    onError: (error) => isStale(error) && queries.invalidateQueries({ queryKey: ["get", PATH] }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ params: { path: { community }, header: { "If-Match": tag } }, body: value });
  };
  const wrong = (field: string) => wrongWith(edit.error, field);
  return (
    <form onSubmit={send}>
      <Stack align="flex-start">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} w="100%">
          <TextInput
            label={t("settings-name")}
            description={t("settings-name-means")}
            value={value.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={wrong("name")}
            required
          />
          <NativeSelect
            label={t("settings-language")}
            description={t("settings-language-means")}
            value={value.language}
            onChange={(event) => change({ language: event.currentTarget.value })}
            data={["ru", "en"].map((language) => ({ value: language, label: t(`language-${language}`) }))}
            error={wrong("language")}
          />
          <Select
            label={t("settings-zone")}
            description={t("settings-zone-means")}
            searchable
            allowDeselect={false}
            value={value.time_zone}
            onChange={(zone) => zone && change({ time_zone: zone })}
            data={withOwn(zones, value.time_zone)}
            nothingFoundMessage={t("choose-nothing")}
            error={wrong("time_zone")}
          />
          <Select
            label={t("settings-country")}
            description={t("settings-country-means")}
            searchable
            allowDeselect={false}
            value={value.country}
            onChange={(country) => country && change({ country })}
            data={withOwn(countries, value.country)}
            nothingFoundMessage={t("choose-nothing")}
            error={wrong("country")}
          />
          <Select
            label={t("settings-currency")}
            description={t("settings-currency-means")}
            searchable
            allowDeselect={false}
            value={value.currency}
            onChange={(currency) => currency && change({ currency })}
            data={withOwn(currencies, value.currency)}
            nothingFoundMessage={t("choose-nothing")}
            error={wrong("currency")}
          />
        </SimpleGrid>
        {isStale(edit.error) ? (
          <Said tone="warning">{t("settings-stale")}</Said>
        ) : (
          !problemOf(edit.error)?.field && <Failed error={edit.error} />
        )}
        {edit.isSuccess && !isChanged && <Said>{t("settings-saved")}</Said>}
        <Button type="submit" loading={edit.isPending} disabled={!isChanged}>
          {t("save")}
        </Button>
      </Stack>
    </form>
  );
}

type Choice = { value: string; label: string };

/** What the browser knows of the world, by its names in a language. */
function known(language: string): { zones: Choice[]; countries: Choice[]; currencies: Choice[] } {
  const region = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
  const money = new Intl.DisplayNames(language, { type: "currency" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters.flatMap((one) => letters.map((other) => one + other));
  const named = codes.map((value) => ({ value, label: region.of(value) ?? "" }));
  const byLabel = (one: Choice, other: Choice) => one.label.localeCompare(other.label, language);
  return {
    zones: Intl.supportedValuesOf("timeZone").map((zone) => ({
      value: zone,
      label: zone.replaceAll("_", " "),
    })),
    countries: named.filter((country) => country.label).sort(byLabel),
    currencies: Intl.supportedValuesOf("currency")
      .map((code) => ({ value: code, label: `${money.of(code)} (${code})` }))
      .sort(byLabel),
  };
}

/** A browser may not know what was set. */
function withOwn(choices: Choice[], own: string): Choice[] {
  return choices.some((choice) => choice.value === own) ? choices : [{ value: own, label: own }, ...choices];
}
