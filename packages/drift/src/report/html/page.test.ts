import { mkdirSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith, requirement } from "../../../../../scripts/test/requirement.ts";
import { ordersResult } from "../report.fixtures.ts";
import { toHtml } from "./to-html.ts";

const screenshots = new URL("../../../../../.cache/screenshots/", import.meta.url);
describeWith(requirement("chromium"), "a report in a browser", ({ path }) => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let url: string;
  let driftedColumns = 0;
  const problems: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    const result = ordersResult();
    driftedColumns = result.statusCounts.drift;
    const [first, ...rest] = result.columns;
    const hostile = { ...first!, name: "\u202e<script>document.title='no'</script>👩‍🔧".repeat(3) };
    const html = toHtml({ ...result, columns: [hostile, ...rest] }, { title: "Orders, July against June" });
    server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8").end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
    browser = await chromium.launch({
      executablePath: path,
      args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    page = await open("light");
  });

  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A page of its own; the policy is passed over for axe, which is a script, and for nothing else. */
  const open = async (colorScheme: "light" | "dark", bypassCSP = false): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme,
      bypassCSP,
    });
    const opened = await context.newPage();
    opened.on("console", (message) => problems.push(message.text()));
    opened.on("pageerror", (error) => problems.push(error.message));
    opened.on("request", (request) => requests.push(request.url()));
    await opened.goto(url);
    return opened;
  };

  const screenshot = async (of: Page, name: string): Promise<void> => {
    mkdirSync(screenshots, { recursive: true });
    const file = new URL(name, screenshots);
    await of.screenshot({ path: file.pathname, fullPage: true });
    expect(statSync(file).size).toBeGreaterThan(50_000);
  };

  it.each([
    { scheme: "light", rules: "all rules" },
    { scheme: "dark", rules: "color-contrast" },
  ] as const)("breaks none of axe's rules, unfolded: $scheme, $rules", async ({ scheme, rules }) => {
    const opened = await open(scheme, true);
    await opened.evaluate(() =>
      document.querySelectorAll("details").forEach((details) => (details.open = true)),
    );
    await opened.addScriptTag({ content: axe.source });
    const violations = await opened.evaluate(async (only) => {
      // The script above put it there, which no type can say.
      const loaded = Reflect.get(globalThis, "axe") as typeof axe;
      const options = only === "all rules" ? {} : { runOnly: [only] };
      return (await loaded.run(document, options)).violations;
    }, rules);
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.length}, ${nodes[0]?.html}, ${nodes[0]?.failureSummary}`,
    );
    expect(found).toEqual([]);
    await opened.context().close();
  });

  it("fits a laptop, light and dark, and a phone of 360 pixels", async () => {
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await screenshot(page, "drift-report.png");
    await page.emulateMedia({ colorScheme: "dark" });
    await screenshot(page, "drift-report-dark.png");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate(() =>
      document.querySelectorAll("details").forEach((details) => (details.open = true)),
    );
    expect(await overflow()).toBe(0);
    await page.goto(url);
    await screenshot(page, "drift-report-phone.png");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("filters by verdict and unfolds a column, by keyboard and without a script", async () => {
    await page.goto(url);
    const rows = page.locator(".ranking tbody tr:visible");
    expect(await rows.count()).toBe(20);
    await page.locator("#show-all").focus();
    await page.keyboard.press("ArrowRight");
    expect(await rows.count()).toBe(driftedColumns);
    expect(await page.locator(".column:visible").count()).toBe(driftedColumns);
    await page.locator("#show-all").check();
    const last = page.locator("#column-20");
    expect(await last.isVisible()).toBe(false);
    await page.locator('a[href="#column-20"]').focus();
    await page.keyboard.press("Enter");
    await last.waitFor({ state: "visible" });
  });

  it("prints what is folded away", async () => {
    await page.goto(url);
    await page.emulateMedia({ media: "print" });
    const height = await page.locator("#column-20").evaluate((body) => body.getBoundingClientRect().height);
    expect(height).toBeGreaterThan(100);
    await page.emulateMedia({ media: "screen" });
  });

  it("loads one file, runs without a message, and takes no text for a script", async () => {
    expect(await page.title()).toBe("Orders, July against June");
    expect(problems).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(url) && !request.startsWith("data:"))).toEqual(
      [],
    );
    expect(new Set(requests.map((request) => request.split("#")[0])).size).toBeLessThanOrEqual(2);
  });
});
