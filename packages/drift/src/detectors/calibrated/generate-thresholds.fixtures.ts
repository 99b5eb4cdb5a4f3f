// Simulates the limits in thresholds.ts and prints its rows; takes about half an hour on one core:
// node --conditions=@mlops/source packages/drift/src/detectors/calibrated/generate-thresholds.fixtures.ts
import { createRandom } from "@mlops/stats";

import type { DetectorName } from "../detector.ts";
import { createStatistic, takesErrors } from "./create-statistic.ts";
import { type LimitTable, limitIn } from "./limits.ts";
import { RunLengths } from "./run-lengths.fixtures.ts";
import type { Statistic } from "./statistic.ts";
import { errorRates, runLengths, simulatedLimits } from "./thresholds.ts";

const seed = 20_261_123;
const names: readonly DetectorName[] = [
  "cusum",
  "page-hinkley",
  "ewma",
  "kswin",
  "adwin",
  "ddm",
  "eddm",
  "hddm-a",
  "hddm-w",
];

// "first": from nothing. "refine": the detectors of errors again, with the limits that thresholds.ts has, at the
// share of errors that each of them sees instead of the true one; repeat until it changes little.
const [stage = "first", only, budget = "6e7"] = process.argv.slice(2);
for (const name of names) {
  if (only !== undefined && only !== name) continue;
  const table = takesErrors(name) ? errorRates.map((rate) => row(name, rate)) : [row(name, undefined)];
  process.stdout.write(`  ${JSON.stringify(name)}: ${JSON.stringify(table)},\n`);
}

function row(name: DetectorName, rate: number | undefined): number[] {
  const random = createRandom(seed);
  const draw = rate === undefined ? random : (): number => (random() < rate ? 1 : 0);
  return runLengths.map((wanted, column) => {
    // Where nothing can be said that early, such as before 30 errors, a run is as short as it can be.
    const shortest = rate === undefined ? 400 : 100 / rate;
    const length = Math.ceil((wanted >= 30_000 ? 3 : 8) * Math.max(wanted, shortest));
    const fewest = stage === "refine" && wanted >= 100_000 ? 60 : 200;
    const runs = Math.min(20_000, Math.max(fewest, Math.round(Number(budget) / length)));
    const table = simulatedLimits[name].map((limits) => [limits[column]!]);
    const create = (run: number): Statistic => {
      const statistic = createStatistic(name, run + 1);
      return stage === "refine" ? inLimits(statistic, table) : statistic;
    };
    const found = new RunLengths(create, draw, { runs, length });
    const limit = found.limit(Math.max(wanted, 2 * found.mean(-Infinity)));
    const place = rate === undefined ? 0 : errorRates.indexOf(rate);
    return Number((stage === "refine" ? limit * table[place]![0]! : limit).toPrecision(5));
  });
}

/** The statistic over the limit at the share of errors that it sees. */
function inLimits(statistic: Statistic, table: LimitTable): Statistic {
  return {
    errorRate: undefined,
    reset: () => statistic.reset(),
    next: (value) => statistic.next(value) / limitIn(table, 0, statistic.errorRate),
    save: () => statistic.save(),
    load: (state) => statistic.load(state),
  };
}
