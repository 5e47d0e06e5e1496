/** The parts that pages are laid out with. */
import { type ReactNode, useEffect, useRef } from "react";

/** A page: its heading, what can be done with all of it, and its panels. */
export function Page({
  title,
  actions,
  wide,
  children,
}: {
  title: string;
  actions?: ReactNode;
  /** For tables. */
  wide?: boolean;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const { dataset } = document.documentElement;
    // Whoever came from another page goes on reading at the top of this one.
    if (dataset.shown) heading.current?.focus({ preventScroll: true });
    dataset.shown = "page";
  }, []);
  return (
    <main className="page" id="main" tabIndex={-1} data-wide={wide || undefined}>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </div>
      {children}
    </main>
  );
}

/** A card with a heading. */
export function Panel({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="panel">
      {title && <h2>{title}</h2>}
      {children}
    </section>
  );
}

/** A list of {@link Row}s. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className="rows">{children}</ul>;
}

/** What a line of a list says: `lead` (a picture, a plate), text with a quiet second line, and what can be done. */
export function Row({
  lead,
  detail,
  actions,
  children,
}: {
  lead?: ReactNode;
  detail?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="row">
      {lead}
      <div className="row-text">
        <div>{children}</div>
        {detail && <div className="quiet small">{detail}</div>}
      </div>
      {actions}
    </li>
  );
}
