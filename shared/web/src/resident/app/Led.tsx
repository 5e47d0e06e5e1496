/** A notification was tapped while this page is open: it goes where that leads, and asks where something was typed. */
import { Button } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTexts } from "~/texts/texts";

export function Led() {
  const t = useTexts();
  const router = useRouter();
  const [link, setLink] = useState("");
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    let typed = false;
    const type = () => {
      typed = true;
    };
    // Whatever was typed belongs to the place where it was.
    const gone = router.subscribe("onResolved", ({ pathChanged }) => {
      if (!pathChanged) return;
      typed = false;
      setLink("");
    });
    const led = ({ data, ports }: MessageEvent) => {
      const to = data?.lead;
      if (typeof to !== "string" || !/^\/(?![/\\])/.test(to)) return;
      ports[0]?.postMessage("heard");
      if (typed) setLink(to);
      else router.navigate({ href: to });
    };
    document.addEventListener("input", type);
    navigator.serviceWorker.addEventListener("message", led);
    navigator.serviceWorker.startMessages();
    return () => {
      gone();
      document.removeEventListener("input", type);
      navigator.serviceWorker.removeEventListener("message", led);
    };
  }, [router]);
  if (!link) return null;
  return (
    <div className="fresh" role="alert">
      <span>{t("app-led")}</span>
      <Button variant="subtle" onClick={() => router.navigate({ href: link })}>
        {t("app-led-go")}
      </Button>
      <Button variant="subtle" onClick={() => setLink("")}>
        {t("app-led-stay")}
      </Button>
    </div>
  );
}
