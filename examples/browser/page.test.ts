import { mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { FastifyInstance } from "fastify";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { chromiumArguments } from "../../scripts/test/chromium-arguments.ts";
import { describeWith, requirement } from "../../scripts/test/requirement.ts";
import { buildPage } from "./server/build-page.ts";
import { createPageServer } from "./server/page-server.ts";

const axe = createRequire(import.meta.url).resolve("axe-core");
/** How long is waited for what comes by itself; long, for machines that are busy. */
const soon = { timeout: 45_000 };
const screenshots = join(import.meta.dirname, "../../.cache/screenshots");

/** What `@mlops/backend-onnx` declares. */
const processor = { relative: 1e-4, absolute: 1e-5 };
const shader = { relative: 1e-3, absolute: 1e-4 };

/** What the page's form starts with, in the tensors of the device-price model: a Samsung with Android. */
const inputsOf = (newPriceEur: number): readonly object[] => [
  {
    name: "numeric",
    datatype: "FP32",
    shape: [1, 12],
    data: [newPriceEur, 2019, 300, 4, 64, 15.5, 12, 8, 3500, -1, 1, 0],
  },
  { name: "brand", datatype: "INT32", shape: [1, 1], data: [27] },
  { name: "os", datatype: "INT32", shape: [1, 1], data: [1] },
];

describeWith(requirement("chromium"), "the page", ({ path }) => {
  vi.setConfig({ testTimeout: 90_000 });
  let folder: string;
  let app: FastifyInstance;
  let url: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "browser-example-"));
    await buildPage(folder);
    app = await createPageServer(folder);
    const { port } = new URL(await app.listen({ host: "localhost", port: 0 }));
    url = `http://localhost:${port}/`;
    browser = await chromium.launch({ executablePath: path, args: [...chromiumArguments] });
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        console.error(`The policy forbids ${violatedDirective} ${blockedURI}.`),
      );
    });
    await page.goto(url);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await rm(folder, { recursive: true });
  });

  const choose = async (label: string, device: string): Promise<void> => {
    await page.getByRole("radio", { name: label, exact: true }).press("Space");
    await expect
      .poll(() => page.locator("#loads").innerText(), soon)
      .toMatch(new RegExp(`ready on ${device}[^]*ready on ${device}`));
  };
  const shownPrice = async (): Promise<string> => page.locator("#price").innerText();
  const bestGuess = (): Promise<string> => page.locator("#guesses .name").first().innerText();

  /** What the server makes of the form's device: the logarithm of euros. */
  const serversLnPrice = async (newPriceEur: number): Promise<number> => {
    const body = JSON.stringify({ inputs: inputsOf(newPriceEur) });
    const response = await fetch(`${url}v2/models/device-price/infer`, { method: "POST", body });
    const { outputs } = (await response.json()) as {
      readonly outputs: readonly [{ readonly data: readonly [number] }];
    };
    return outputs[0].data[0];
  };

  /** Both of the page's models beside the server's: how much of the allowed difference they use, in percent. */
  const compare = async (): Promise<number[]> => {
    await page.locator("#comparison").evaluate((element) => element.replaceChildren());
    await page.getByRole("button", { name: "Compare" }).click();
    const cells = page.getByRole("row", { name: "Of what both precisions allow" }).getByRole("cell");
    await cells.first().waitFor();
    return (await cells.allInnerTexts()).map((text) => Number.parseFloat(text));
  };

  it.each([
    { label: "WebAssembly", device: "wasm", newPriceEur: 300, precision: processor },
    {
      label: "WebAssembly, threads",
      device: "wasm",
      newPriceEur: 400,

      precision: processor,
    },
    { label: "WebGPU", device: "webgpu", newPriceEur: 500, precision: shader },
  ])(
    "gives the server's answers on $label",
    { timeout: 90_000 },
    async ({ label, device, newPriceEur, precision }) => {
      await choose(label, device);
      // Another phone for each device, so that the price of the last one is not taken for this one's.
      const before = await shownPrice();
      await page.getByLabel("Price when new (€)").fill(String(newPriceEur));
      await expect.poll(shownPrice, soon).not.toBe(before);
      const lnPrice = await serversLnPrice(newPriceEur);
      const shown = Number((await shownPrice()).slice(1));
      // Both may be off the exact result, and what is shown is rounded to cents.
      const allowed = [precision, processor]
        .map(({ relative, absolute }) => absolute + relative * lnPrice)
        .reduce((a, b) => a + b);
      expect(Math.abs(Math.log(shown) - lnPrice)).toBeLessThan(allowed + 0.005 / shown);
      const partsOfAllowed = await compare();
      expect(partsOfAllowed).toHaveLength(2);
      for (const part of partsOfAllowed) expect(part).toBeLessThanOrEqual(100);
    },
  );

  it("says which devices there are", async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const details = await page.locator(".device .note").allInnerTexts();
    expect(details[0]).toContain("emulated on the processor");
    expect(details[1]).toMatch(/^\d of \d+ cores$/);
  });

  it("recognises what is drawn with a pointer, and the samples", async () => {
    await choose("WebAssembly", "wasm");
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => page.locator("#guesses").innerText(), soon).toContain("Draw with");
    const { x, y } = (await page.locator("#board").boundingBox())!;
    const strokes = [
      [
        [100, 50],
        [140, 150],
        [180, 50],
      ],
      [
        [116, 90],
        [164, 90],
      ],
    ] as const;
    for (const [first, ...rest] of strokes) {
      await page.mouse.move(x + first[0], y + first[1]);
      await page.mouse.down();
      for (const [toX, toY] of rest) await page.mouse.move(x + toX, y + toY, { steps: 8 });
      await page.mouse.up();
    }
    await expect.poll(bestGuess, soon).toBe("forall");
    await expect.poll(() => page.locator("#guess-spoken").innerText(), soon).toMatch(/^forall, \d/);
    await page.getByRole("button", { name: "sum", exact: true }).click();
    await expect.poll(bestGuess, soon).toBe("sum");
  });

  it("marks the fields that the model refuses, and takes them again", async () => {
    const memory = page.getByLabel("Main memory (GB)");
    await memory.fill("lots");
    await page.getByText("Some fields need another look.").waitFor();
    expect(await memory.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("#field-ramGb-hint").innerText()).toContain("gigabytes from 0 to 256");
    await memory.fill("4");
    await expect.poll(shownPrice, soon).toMatch(/^€\d/);
    expect(await memory.getAttribute("aria-invalid")).toBe(null);
  });

  it("plots how fast it predicts, and goes on on another device", async () => {
    await page.getByLabel("Model").selectOption("prices");
    await page.getByRole("button", { name: "Run" }).click();
    const rate = page.locator("#figures dd").first();
    await expect.poll(() => rate.innerText(), soon).toMatch(/^[\d.]+$/);
    await choose("WebAssembly, threads", "wasm");
    await expect.poll(() => rate.innerText(), soon).toMatch(/^[\d.]+$/);
    await page.locator("#frames").getByText("frames a second").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Run" }).waitFor();
  });

  it.each(["laptop", "phone"] as const)("can be used by everybody, on a %s", async (device) => {
    await page.setViewportSize(
      device === "phone" ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    );
    await page.locator("details").evaluate((element: HTMLDetailsElement) => (element.open = true));
    mkdirSync(screenshots, { recursive: true });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      // A script tag would be against the page's policy; what playwright evaluates is not under it.
      const source = readFileSync(axe, "utf8");
      await page.evaluate(source);
      const violations = await page.evaluate(async () => {
        const { axe: checker } = globalThis as { readonly axe?: AxeChecker };
        const { violations } = await checker!.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      });
      expect(violations).toEqual([]);
      await page.screenshot({
        path: join(screenshots, `browser-${device}-${colorScheme}.png`),
        fullPage: true,
      });
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });

  it("is sent with a policy, isolated and compressed", async () => {
    const response = await fetch(url, { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe-inline");
    const runtime = (await readdir(join(folder, "assets"))).find((name) => name.endsWith(".wasm"))!;
    const sent = await fetch(`${url}assets/${runtime}`, { method: "HEAD" });
    expect(sent.headers.get("content-encoding")).toBe("gzip");
    expect(sent.headers.get("content-type")).toBe("application/wasm");
    expect(sent.headers.get("cache-control")).toContain("immutable");
    expect(sent.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  });

  it("ran without an error or a warning, under its policy", () => {
    expect(problems).toEqual([]);
  });

  it("works without a network on the second visit", async () => {
    await page.getByText("From the next visit on").waitFor();
    await app.close();
    const devtools = await context.newCDPSession(page);
    // Else it would be the HTTP cache's doing.
    await devtools.send("Network.clearBrowserCache");
    // A new tab, so that nothing of the last one helps.
    const second = await context.newPage();
    await page.close();
    page = second;
    await page.goto(url);
    await choose("WebAssembly", "wasm");
    await expect.poll(shownPrice, soon).toMatch(/^€\d/);
    await expect.poll(bestGuess, soon).toBe("infinity");
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("The server could not be reached").waitFor();
  });
});

/** The part of axe that is used. */
interface AxeChecker {
  run(): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}
