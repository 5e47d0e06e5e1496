/** The page fell over: said plainly, and begun anew by itself, since nobody at a gate reloads a page. */
import { Component, type ReactNode, useEffect } from "react";
import { useTexts } from "~/texts/texts";

const KEPT = "fallen";
const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;
/** A page that has stood for so long is well. */
const STANDS_MS = 120_000;

/** How long to wait before the next try, by how many there were. */
export function waitAfter(tries: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
}

export class Standing extends Component<{ children: ReactNode }, { fell: boolean }> {
  override state = { fell: false };
  #well: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError() {
    return { fell: true };
  }

  override componentDidMount() {
    this.#well = setTimeout(() => this.state.fell || sessionStorage.removeItem(KEPT), STANDS_MS);
  }

  override componentWillUnmount() {
    clearTimeout(this.#well);
  }

  override render() {
    return this.state.fell ? <Fallen /> : this.props.children;
  }
}

function Fallen() {
  const t = useTexts();
  useEffect(() => {
    const tries = Number(sessionStorage.getItem(KEPT)) || 0;
    const timer = setTimeout(() => {
      sessionStorage.setItem(KEPT, `${tries + 1}`);
      location.reload();
    }, waitAfter(tries));
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="plain">
      <section className="silence" role="alert">
        <h1>{t("fallen")}</h1>
        <p>{t("fallen-do")}</p>
        <button type="button" className="press" onClick={() => location.reload()}>
          {t("fallen-again")}
        </button>
      </section>
    </main>
  );
}
