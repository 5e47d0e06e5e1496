/** Parts of a page that come after it. After a new version those of the one before may be gone: it is said at their place. */
import { Button } from "@mantine/core";
import { Component, type ComponentType, lazy, type ReactNode } from "react";
import { useTexts } from "~/texts/texts";
import { Said } from "./states";

/** A part did not come, twice. */
export class Missing extends Error {
  override name = "Missing";
}

/** Once more where it did not come: mostly that is the network. */
export const twice = <T,>(load: () => Promise<T>) =>
  load()
    .catch(load)
    .catch((cause) => {
      throw new Missing("a part of the page did not come", { cause });
    });

/** As React's `lazy`: to be put into a `Suspense`. */
export function late<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const Part = lazy(() => twice(load)) as unknown as ComponentType<Props>;
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
