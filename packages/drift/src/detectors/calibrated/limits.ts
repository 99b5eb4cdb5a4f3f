import type { DetectorName } from "../detector.ts";
import { errorRates, runLengths, simulatedLimits } from "./thresholds.ts";

/** The limit of a statistic for a run length, by the share of errors where it depends on it. */
export type Limit = (errorRate: number | undefined) => number;

/** Limits by share of errors (or a single row), and something else. */
export type LimitTable = readonly (readonly number[])[];

/** Interpolates the simulated limits: linear in the logarithm of the run length and the log-odds of errors. */
export function limitFor(name: DetectorName, runLength: number): Limit {
  const place = Math.log(runLength);
  const table = simulatedLimits[name].map((row) => [interpolate(logRunLengths(), row, place)]);
  return (errorRate) => limitIn(table, 0, errorRate);
}

/** The limit in a column of a table, at that share of errors. */
export function limitIn(table: LimitTable, column: number, errorRate: number | undefined): number {
  const last = table.length - 1;
  if (last === 0 || errorRate === undefined || errorRate <= errorRates[0]!) return table[0]![column]!;
  if (errorRate >= errorRates[last]!) return table[last]![column]!;
  let right = 1;
  while (errorRates[right]! < errorRate) right += 1;
  const [low, high] = [logOdds(errorRates[right - 1]!), logOdds(errorRates[right]!)];
  const share = (logOdds(errorRate) - low) / (high - low);
  const [from, to] = [table[right - 1]![column]!, table[right]![column]!];
  return from + share * (to - from);
}

function logRunLengths(): number[] {
  return runLengths.map((length) => Math.log(length));
}

function logOdds(rate: number): number {
  return Math.log(rate / (1 - rate));
}

/** Beyond the ends, the value at the end. */
function interpolate(places: readonly number[], values: readonly number[], place: number): number {
  const last = places.length - 1;
  if (place <= places[0]!) return values[0]!;
  if (place >= places[last]!) return values[last]!;
  let right = 1;
  while (places[right]! < place) right += 1;
  const share = (place - places[right - 1]!) / (places[right]! - places[right - 1]!);
  return values[right - 1]! + share * (values[right]! - values[right - 1]!);
}
