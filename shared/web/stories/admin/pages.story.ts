/** What concerns every page of an administrator: the dark, narrow screens, the keyboard, and what a browser is held to. */
import { expect, isOpenToAll, shot, signIn, test } from "../stage";
import { PAGES } from "./pages";

test("each is open to all in the dark, where room is short", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 320, height: 700 });
  for (const path of PAGES) {
    await test.step(`/admin/${path}`, async () => {
      await page.goto(`${stage.cloud}/admin/${path}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator(".mantine-Loader-root")).toHaveCount(0);
      await isOpenToAll(page);
      await shot(page, `narrow-${path || "inbox"}`);
    });
  }
});

test("the keyboard reaches everything, and shows where it is", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  for (const path of ["journal", "bans", "settings"]) {
    await page.goto(`${stage.cloud}/admin/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator(".mantine-Loader-root")).toHaveCount(0);
    const wanted = await page
      .locator("main :is(button, input, select, textarea, a[href]):visible:not([disabled], [tabindex='-1'])")
      .evaluateAll((all) => {
        // Of radios of one name the keyboard stops at the one that is chosen.
        const stops = all.filter(
          (one) => !(one instanceof HTMLInputElement && one.type === "radio" && !one.checked),
        );
        for (const [nth, one] of stops.entries()) {
          one.setAttribute("data-stop", String(nth));
          one.setAttribute("data-border", getComputedStyle(one).borderColor);
        }
        return stops.length;
      });
    expect(wanted).toBeGreaterThan(3);
    const reached = new Set<string>();
    for (let tabs = 0; tabs < 250 && reached.size < wanted; tabs++) {
      await page.keyboard.press("Tab");
      // After the last one the browser itself is reached, and nothing of the page.
      const stop = await page.evaluate(() => document.activeElement?.getAttribute("data-stop") ?? null);
      if (stop === null) continue;
      const at = page.locator(`[data-stop="${stop}"]`);
      // By an outline, or, of a field, by the colour of its border; colours come gradually.
      await expect
        .poll(
          () =>
            at.evaluate((at) => {
              const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(at);
              const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
              return isOutlined || borderColor !== (at as HTMLElement).dataset.border;
            }),
          `the focus on stop ${stop} of ${path}`,
        )
        .toBe(true);
      reached.add(stop);
    }
    expect(reached.size, path).toBe(wanted);
  }
});

test("browsers are held to their own origin, and nobody frames an administrator", async ({ page, stage }) => {
  for (const path of ["/", "/admin/", "/admin/journal", "/sign-in"]) {
    const headers = (await page.request.get(`${stage.cloud}${path}`)).headers();
    const policy = Object.fromEntries(
      (headers["content-security-policy"] ?? "")
        .split("; ")
        .map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1).join(" ")]),
    );
    expect(policy["default-src"]).toBe("'none'");
    expect(policy["script-src"]).toBe("'self'");
    expect(policy["connect-src"]).toBe("'self'");
    expect(policy["base-uri"]).toBe("'none'");
    // The resident's page is a Mini App of Telegram as well.
    expect(policy["frame-ancestors"]).toMatch(
      path.startsWith("/admin") ? /^'none'$/ : /^('self' )?https:\/\/\S*telegram\.org/,
    );
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  }
  expect(await (await page.request.get(`${stage.cloud}/robots.txt`)).text()).toContain("Disallow: /");
});
