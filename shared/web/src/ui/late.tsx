/** Parts of a page that come after it. After a new version those of the one before may be gone: it is said at their place. */
import { Button } from "@mantine/core";
import { lazyRouteComponent } from "@tanstack/react-router";
import { Component, type ComponentType, lazy, type ReactNode } from "react";
import { useTexts } from "~/texts/texts";
import { Said } from "./states";

/** A part did not come, twice. */
class Missing extends Error {
  override name = "Missing";
}

/** Between two attempts, while the cloud does not answer. */
const PAUSE_MS = 2_000;

const CLOUD = {
  answers: () =>
    fetch("/", { method: "HEAD", cache: "no-store" }).then(
      () => true,
      () => false,
    ),
  pause: () => new Promise<void>((over) => setTimeout(over, PAUSE_MS)),
};

/**
 * A part, whenever it comes. While the cloud does not answer it is waited for: the page says elsewhere that there is no
 * connection. Where it does, and the part did not come twice, it is one of another version: that throws.
 */
export async function whenItComes<T>(load: () => Promise<T>, { answers, pause } = CLOUD): Promise<T> {
  for (;;) {
    try {
      return await load().catch(load);
    } catch (cause) {
      if (await answers()) throw cause;
      await pause();
    }
  }
}

/** As the router's own, which begins the page anew where there is another version. */
export const latePage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => whenItComes(load), name);

/** As React's `lazy`: to be put into a `Suspense`. */
export function late<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const part = () =>
    whenItComes(load).catch((cause) => {
      throw new Missing("a part of the page did not come", { cause });
    });
  const Part = lazy(part) as unknown as ComponentType<Props>;
  // Called where modules begin, as `lazy` is.
  // biome-ignore lint/correctness/noComponentHookFactories: one for each part of the page
  return function Late(props: Props) {
    return (
      <Spot>
        <Part {...props} />
      </Spot>
    );
  };
}

class Spot extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    // Everything else is no matter of this place.
    if (!(error instanceof Missing)) throw error;
    return <Older />;
  }
}

function Older() {
  const t = useTexts();
  const again = (
    <Button variant="default" onClick={() => window.location.reload()}>
      {t("page-reload")}
    </Button>
  );
  return (
    <Said tone="wrong" action={again}>
      {t("page-older")}
    </Said>
  );
}
