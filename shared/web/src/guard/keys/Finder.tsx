/** Something to look for, with its keys beside what was found. */
import { IconKeyboard, IconSearch, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTexts } from "~/texts/texts";
import { Tap } from "../post/Press";
import { Field, Keys } from "./Keys";
import type { Layout } from "./layouts";

export function Finder({
  label,
  layouts,
  value,
  onChange,
  begins = false,
  actions,
  children,
}: {
  label: string;
  /** Keys that there are for it, the usual ones first. */
  layouts: [Layout, ...Layout[]];
  value: string;
  onChange: (value: string) => void;
  /** Whether the keys are there to begin with. */
  begins?: boolean;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const t = useTexts();
  const [shown, setShown] = useState(begins);
  const [layout, setLayout] = useState(layouts[0]);
  const other = layouts[(layouts.indexOf(layout) + 1) % layouts.length];
  return (
    <div className="beside" data-under={(shown && layout === "words") || undefined}>
      {shown && (
        <div className="beside-keys">
          <div className="field-row">
            <Field label={label} value={value} onChange={onChange} chosen />
            {other && other !== layout && (
              <Tap icon={<IconKeyboard />} onTap={() => setLayout(other)}>
                {t(`keys-layout-${other}`)}
              </Tap>
            )}
            {!begins && (
              <Tap
                icon={<IconX />}
                label={t("close")}
                onTap={() => {
                  setShown(false);
                  onChange("");
                }}
              >
                {""}
              </Tap>
            )}
          </div>
          <Keys layout={layout} value={value} onChange={onChange} />
        </div>
      )}
      <div className="beside-rest">
        {(!shown || actions) && (
          <div className="choice">
            {!shown && (
              <Tap icon={<IconSearch />} onTap={() => setShown(true)}>
                {label}
              </Tap>
            )}
            {actions}
          </div>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys, too */}
        <section className="found" tabIndex={0} aria-label={t("found")}>
          {children}
        </section>
      </div>
    </div>
  );
}
