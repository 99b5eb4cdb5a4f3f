// `pnpm bench:calibration`: whether drift verdicts hold their false-alarm rate, beside other tools' rules.
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { formatCalibration } from "./calibration/format-calibration.ts";
import { createPlan } from "./calibration/plan.ts";
import { runPlan } from "./calibration/run-plan.ts";
import { findBroken, type NullOutcome } from "./calibration/summarize.ts";
import { createProgress } from "./lib/progress.ts";
import { sectionOf } from "./lib/sections.ts";

const usage = `pnpm bench:calibration [--quick] [--output FILE] [--seed N] [--threads N]

  --quick        a run of seconds, to see whether everything works; its figures mean nothing
  --output FILE  where the report goes; default benchmarks/CALIBRATION.md, quick: standard output
  --seed N       a whole number; default 1
  --threads N    default: as many as there are processors
`;

const { values } = parseArgs({
  // pnpm hands its own separator on: `pnpm bench:calibration -- --quick`.
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    quick: { type: "boolean", default: false },
    output: { type: "string" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main(values.quick, Number(values.seed), Number(values.threads), values.output);

async function main(
  isQuick: boolean,
  seed: number,
  threads: number,
  output: string | undefined,
): Promise<void> {
  const jobs = createPlan({ isQuick, seed });
  const outcomes = await runPlan(jobs, threads, createProgress());
  const simulated = jobs.reduce((sum, job) => sum + (job.kind === "null" ? job.cell.simulated : 0), 0);
  const report = formatCalibration(outcomes, [
    `${simulated.toLocaleString("en")} columns without change, seed ${seed}, Node ${process.versions.node}.`,
    "Columns: normal, Student's t with 2 degrees of freedom, Poisson with mean 3, Zipf over 500 categories.",
  ]);
  const file = output ?? (isQuick ? undefined : new URL("CALIBRATION.md", import.meta.url));
  if (file === undefined) process.stdout.write(report);
  else await writeFile(file, `${report}\n${await keptSection(file)}`);
  const broken = findBroken(
    outcomes.filter((outcome): outcome is NullOutcome => outcome.job.kind === "null"),
  );
  if (broken.length === 0) return;
  process.stderr.write(`The stated rate does not hold:\n${broken.join("\n")}\n`);
  process.exitCode = 1;
}

/** What `pnpm bench:rollout-calibration` wrote into the same file. */
async function keptSection(file: string | URL): Promise<string> {
  return sectionOf(await readFile(file, "utf8").catch(() => ""), "rollouts");
}
