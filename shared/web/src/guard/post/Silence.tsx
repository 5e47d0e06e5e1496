/** The hub does not answer: said plainly, with what to do. It goes by itself. */
import { Loader } from "@mantine/core";
import { useTexts } from "~/texts/texts";

export function Silence({ problem }: { problem?: string }) {
  const t = useTexts();
  return (
    <section className="silence" role="alert">
      <h1>{problem ?? t("post-silent")}</h1>
      <p>{t("post-silent-do")}</p>
      <p className="silence-again">
        <Loader size={20} color="currentColor" aria-hidden /> {t("post-silent-again")}
      </p>
    </section>
  );
}
