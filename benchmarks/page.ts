// `pnpm bench:page`: whether a page stays smooth while it predicts, in Chromium.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, chromium } from "playwright-core";

import { serveFolder } from "../scripts/packages/static-server.ts";
import { chromiumArguments } from "../scripts/test/chromium-arguments.ts";
import { requirement } from "../scripts/test/requirement.ts";
import type { Goal } from "./lib/goal.ts";
import { describeMachine } from "./lib/machine.ts";
import { Measurements } from "./lib/measurements.ts";
import { percentile } from "./lib/percentile.ts";
import { createProgress } from "./lib/progress.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { orderOfRound } from "./lib/rounds.ts";
import { formatRows } from "./lib/row-table.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";
import { buildPage } from "./page/build-page.ts";
import type { PageResult } from "./page/page.ts";

const nothing = "nothing";
const own = "@mlops/core";
const subjects = [nothing, own, "onnxruntime-web"];

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const found = requirement("chromium");
  if (!found.available) throw new Error(`Chromium is missing: ${found.howToGet}.`);
  const progress = createProgress();
  const folder = await mkdtemp(join(tmpdir(), "bench-page-"));
  const browser = await chromium.launch({ executablePath: found.path, args: [...chromiumArguments] });
  try {
    await buildPage(folder);
    await using server = await serveFolder(folder);
    const measurements = new Measurements();
    const answers = new Set<number>();
    const [rounds, durationMs] = isQuick ? [1, 1000] : [5, 5000];
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of orderOfRound(subjects, round)) {
        progress(`round ${round + 1} of ${rounds}: ${subject}`);
        const result = await open(browser, server.url, subject, durationMs);
        if (result.answer !== undefined) answers.add(Math.fround(Number(result.answer.toPrecision(4))));
        for (const [figure, value] of Object.entries(figuresOf(result))) {
          measurements.add({ figure, subject }, value);
        }
      }
    }
    if (answers.size !== 1) throw new Error(`The answers differ: ${[...answers].join(", ")}.`);
    const rows = Object.entries(figures).flatMap(([figure, unit]) =>
      subjects
        .filter((subject) => subject !== nothing || !figure.startsWith("predictions"))
        .map((subject) => rowOf(measurements, figure, unit, subject)),
    );
    process.stdout.write(
      `Chromium ${browser.version()}, median of ${rounds} rounds. ${describeMachine()}.\n\n${formatRows(rows)}\n`,
    );
    if (json !== undefined) await writeRows(json, rows);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

/** A page of its own for each subject. */
async function open(browser: Browser, url: string, subject: string, durationMs: number): Promise<PageResult> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    await page.waitForFunction("globalThis.measurePage !== undefined");
    return await page.evaluate(([title, length]) => measurePage(title, length), [
      subject,
      durationMs,
    ] as const);
  } finally {
    await page.close();
  }
}

/** What is told of each subject, with its unit. */
const figures: Readonly<Record<string, string>> = {
  frames: "1/s",
  "time between frames p50": "ms",
  "time between frames p99": "ms",
  "longest time between frames": "ms",
  "tasks over 50 ms": "in a run",
  predictions: "1/s",
  "predictions p50": "ms",
};

function figuresOf({
  frameGapsMs,
  longTasksMs,
  predictionsMs,
  durationMs,
}: PageResult): Record<string, number> {
  const gaps = frameGapsMs.toSorted((one, other) => one - other);
  const predictions = predictionsMs.toSorted((one, other) => one - other);
  return {
    frames: (1000 * gaps.length) / durationMs,
    "time between frames p50": percentile(gaps, 50),
    "time between frames p99": percentile(gaps, 99),
    "longest time between frames": percentile(gaps, 100),
    "tasks over 50 ms": longTasksMs.length,
    ...(predictions.length > 0 && {
      predictions: (1000 * predictions.length) / durationMs,
      "predictions p50": percentile(predictions, 50),
    }),
  };
}

/** What the page has to be like while our worker predicts. */
const goals: Readonly<Record<string, Goal>> = { frames: ">= 0.95", "tasks over 50 ms": "<= 0" };

function rowOf(measurements: Measurements, figure: string, unit: string, subject: string): Row {
  const key = { figure, subject };
  // A page that does nothing draws as many frames as this machine can.
  const against = figure === "frames" && subject !== nothing ? nothing : undefined;
  return createRow({
    name: `${figure}: ${subject}`,
    value: measurements.value(key)!,
    unit,
    against,
    ratio: against === undefined ? undefined : measurements.ratio(key, against),
    ratioRange: against === undefined ? undefined : measurements.ratioRange(key, against),
    goal: subject === own ? goals[figure] : undefined,
  });
}

const options = readQuickOptions("bench:page");
if (options !== undefined) await main(options);
