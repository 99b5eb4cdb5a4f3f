// `pnpm bench:browser-page`: how fast the page of `examples/browser` predicts in Chromium, and how smooth it stays.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, chromium, type Page } from "playwright-core";

import { buildPage } from "../examples/browser/server/build-page.ts";
import { createPageServer } from "../examples/browser/server/page-server.ts";
import { chromiumArguments } from "../scripts/test/chromium-arguments.ts";
import { requirement } from "../scripts/test/requirement.ts";
import {
  type MainThreadTasks,
  readMainThreadTasks,
  type TraceEvent,
} from "./browser-page/main-thread-tasks.ts";
import { formatNumber } from "./lib/format-number.ts";
import { describeMachine } from "./lib/machine.ts";
import { formatTable } from "./lib/table.ts";

const seconds = 10;
const devices = ["WebAssembly", "WebAssembly, threads", "WebGPU"];
const models = { symbols: "Symbols", prices: "Prices" };

const found = requirement("chromium");
if (!found.available) throw new Error(`Chromium is missing: ${found.howToGet}.`);
const folder = await mkdtemp(join(tmpdir(), "browser-page-"));
await buildPage(folder);
const app = await createPageServer(folder);
const { port } = new URL(await app.listen({ host: "localhost", port: 0 }));
const browser = await chromium.launch({ executablePath: found.path, args: [...chromiumArguments] });
const rows: string[][] = [];
try {
  for (const device of devices) {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    await page.getByRole("radio", { name: device, exact: true }).press("Space");
    await page.locator("#loads").getByText("ready on").nth(1).waitFor({ timeout: 120_000 });
    for (const [model, label] of Object.entries(models)) {
      const { figures, tasks } = await measure(browser, page, model);
      rows.push([
        device,
        label,
        ...figures,
        formatNumber(tasks.longestMs),
        String(tasks.long),
        formatNumber(tasks.longestComputingMs),
        String(tasks.longComputing),
      ]);
      process.stderr.write(`${device}, ${label}: done\n`);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await app.close();
  await rm(folder, { recursive: true });
}

const columns = [
  { title: "device" },
  { title: "model" },
  ...["a second", "p50 ms", "p95 ms", "p99 ms", "frames/s", "longest task ms", "over 50 ms"].map(right),
  ...["longest task, CPU ms", "over 50 CPU ms"].map(right),
];
process.stdout.write(
  `${seconds} s each. ${describeMachine()}, Chromium ${browser.version()}.\n\n${formatTable(columns, rows)}\n`,
);

function right(title: string): { readonly title: string; readonly align: "end" } {
  return { title, align: "end" };
}

interface Measured {
  /** What the page shows at the end: predictions a second, p50, p95, p99, and frames a second. */
  readonly figures: readonly string[];
  readonly tasks: MainThreadTasks;
}

/** Has the page predict for a while, as its button does, and traces its main thread meanwhile. */
async function measure(chromium: Browser, page: Page, model: string): Promise<Measured> {
  await page.getByLabel("Model").selectOption(model);
  await page.getByRole("button", { name: "Run" }).click();
  // The first second is the button's, and the run's first frames.
  await page.waitForTimeout(1000);
  await chromium.startTracing(page, { categories: ["toplevel"] });
  await page.waitForTimeout(1000 * seconds);
  const trace = await chromium.stopTracing();
  const shown = await page.locator("#figures dd").allInnerTexts();
  const frames = await page.locator("#frames").innerText();
  await page.getByRole("button", { name: "Stop" }).click();
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  return {
    figures: [...shown, /(\d+) frames/.exec(frames)?.[1] ?? "–"],
    tasks: readMainThreadTasks(traceEvents),
  };
}
