/** What is said to Telegram around this page, and heard from it. */

import { useMantineColorScheme } from "@mantine/core";
import { useLocation, useRouter } from "@tanstack/react-router";
import { type EventPayload, isIframe, on, postEventFp } from "@tma.js/bridge";
import { useEffect, useState } from "react";
import { isAround, type Launch } from "./launch";
import { leads } from "./links";
import { type Colors, colorsOf, isDark, NAMES } from "./looks";

// Where nobody listens (an address that was copied into a browser), nothing comes of it.
const tell = postEventFp;

/** Whether the window is a frame of Telegram's own page. */
export const isFramed = isIframe;

/** Whether Telegram shows this page: the cloud lets nobody else put it into a frame. */
export const isWithin = () => isFramed() || isAround(window as unknown as Parameters<typeof isAround>[0]);

/** Closes the window. */
export const close = () => void tell("web_app_close");

/** Opens somebody or something of Telegram's: what stands behind `t.me`. */
export const openTelegram = (path: string) => void tell("web_app_open_tg_link", { path_full: path });

/** Opens an address in the browser. */
export const openBrowser = (url: string) => void tell("web_app_open_link", { url });

/** The window is as large as it can be, and a finger that scrolls does not close it. */
export function useWindow() {
  useEffect(() => {
    if (isFramed()) tell("iframe_ready", { reload_supported: true });
    tell("web_app_ready");
    tell("web_app_expand");
    tell("web_app_setup_swipe_behavior", { allow_vertical_swipe: false });
    return on("reload_iframe", () => {
      tell("iframe_will_reload");
      window.location.reload();
    });
  }, []);
}

/** Light or dark, and of which colours, as Telegram is. */
export function useLooks({ theme: begun }: Launch) {
  const { setColorScheme } = useMantineColorScheme();
  const [theme, setTheme] = useState(begun);
  useEffect(
    () => on("theme_changed", ({ theme_params }) => setTheme({ ...theme_params } as Launch["theme"])),
    [],
  );
  useEffect(() => {
    const { style } = document.documentElement;
    const dark = isDark(theme);
    if (dark !== undefined) setColorScheme(dark ? "dark" : "light");
    for (const name of NAMES) style.removeProperty(`--${name}`);
    const known = getComputedStyle(document.documentElement);
    const own: Colors = Object.fromEntries(
      NAMES.map((name) => [name, known.getPropertyValue(`--${name}`).trim()]),
    );
    const colors = colorsOf(theme, own);
    for (const [name, color] of Object.entries(colors)) style.setProperty(`--${name}`, color);
    const around = (name: string) => (colors[name] ?? own[name]) as `#${string}`;
    tell("web_app_set_header_color", { color: around("paper") });
    tell("web_app_set_background_color", { color: around("paper") });
    tell("web_app_set_bottom_bar_color", { color: around("card") });
  }, [theme, setColorScheme]);
}

type Insets = EventPayload<"safe_area_changed">;
const SIDES = ["top", "right", "bottom", "left"] as const;

/** What the device and Telegram's own keys cover stays free. */
export function useSafeArea() {
  useEffect(() => {
    const covered: { device?: Insets; keys?: Insets } = {};
    const keep = (part: typeof covered) => {
      Object.assign(covered, part);
      for (const side of SIDES) {
        const wide = (covered.device?.[side] ?? 0) + (covered.keys?.[side] ?? 0);
        const inset = `max(env(safe-area-inset-${side}, 0px), ${wide}px)`;
        document.documentElement.style.setProperty(`--safe-${side}`, inset);
      }
    };
    const ends = [
      on("safe_area_changed", (device) => keep({ device })),
      on("content_safe_area_changed", (keys) => keep({ keys })),
    ];
    tell("web_app_request_safe_area");
    tell("web_app_request_content_safe_area");
    return () => {
      for (const end of ends) end();
    };
  }, []);
}

/** Telegram's own key for the way back, on all pages but the first. */
export function useBack() {
  const router = useRouter();
  const isFirst = useLocation({ select: ({ pathname }) => pathname === "/" });
  useEffect(() => void tell("web_app_setup_back_button", { is_visible: !isFirst }), [isFirst]);
  useEffect(
    () =>
      on("back_button_pressed", () => {
        if (router.history.canGoBack()) router.history.back();
        else router.navigate({ to: "/" });
      }),
    [router],
  );
}

/** A link that leads out is opened by Telegram: a window of its own has no way back. */
export function useLinks() {
  useEffect(() => {
    const tapped = (event: MouseEvent) => {
      const link =
        event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
      if (!link || event.defaultPrevented || link.hasAttribute("download")) return;
      const way = leads(link.href, window.location.origin, isFramed());
      if (way.to === "here") return;
      event.preventDefault();
      if (way.to === "telegram") openTelegram(way.path);
      else openBrowser(way.url);
    };
    document.addEventListener("click", tapped);
    return () => document.removeEventListener("click", tapped);
  }, []);
}
