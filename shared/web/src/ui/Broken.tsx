/**
 * What stands where a page broke: words, and a way to begin anew.
 *
 * It may be the texts that broke, or the looks: so it speaks both languages by itself, and asks nothing of the page.
 */
import { Component, createContext, type ReactNode, useContext, useState } from "react";

/** Destroys what the page keeps in this browser, which may be what broke it. */
export const Forget = createContext<() => Promise<unknown>>(async () => undefined);

const KEPT = "broke";
/** What breaks again within this is broken by what it begins with. */
const AT_ONCE_MS = 60_000;

/** Whether it broke a moment ago as well; asked once for each time that it breaks. */
export function brokeAgain(kept: Pick<Storage, "getItem" | "setItem">, now: number): boolean {
  const before = Number(kept.getItem(KEPT));
  kept.setItem(KEPT, String(now));
  return now - before < AT_ONCE_MS;
}

export function Broken() {
  const forget = useContext(Forget);
  // Not twice for one: StrictMode asks states twice.
  const [broke] = useState(() => ({ again: undefined as boolean | undefined }));
  const reload = async () => {
    broke.again ??= brokeAgain(sessionStorage, Date.now());
    if (broke.again) await forget().catch(() => undefined);
    window.location.reload();
  };
  return (
    <main className="page" id="main">
      <div className="broken" role="alert">
        <h1 lang="ru">Страница сломалась</h1>
        <p lang="ru">Это ошибка программы. Начните заново; если сломается опять, скажите администратору.</p>
        <p lang="en">
          The page broke: an error of the program. Begin anew; if it breaks again, tell the administrator.
        </p>
        <button type="button" onClick={reload}>
          <span lang="ru">Начать заново</span> · <span lang="en">Begin anew</span>
        </button>
      </div>
    </main>
  );
}

/** Whatever throws within it leaves {@link Broken} behind, and no blank page. */
export class Boundary extends Component<{ children: ReactNode }, { broke: boolean }> {
  override state = { broke: false };

  static getDerivedStateFromError() {
    return { broke: true };
  }

  override componentDidCatch() {
    // What stood in the page's place until it was there.
    document.getElementById("sign")?.remove();
  }

  override render() {
    return this.state.broke ? <Broken /> : this.props.children;
  }
}
