import type { Measurements } from "../lib/measurements.ts";
import { createRow, type Row, type RowComparison } from "../lib/row.ts";
import { allFigures, type Figure } from "./figures.ts";
import type { Scenario } from "./scenarios.ts";

/** Options of {@link toRows}. */
export interface ToRowsOptions {
  readonly scenarios: readonly Scenario[];
  /** All names, in the order of the rows. */
  readonly subjects: readonly string[];
  /** Whose goals are judged. */
  readonly own: string;
  /** What all others are compared with; it need not have been measured. */
  readonly peer: string;
}

/** A row for each figure of each subject, where it was measured. */
export function toRows(measurements: Measurements, options: ToRowsOptions): Row[] {
  const { scenarios, subjects } = options;
  return allFigures(scenarios).flatMap((figure) =>
    subjects.flatMap((subject) => {
      const { name, unit } = figure;
      const value = measurements.value({ figure: name, subject });
      if (value === undefined) return [];
      return [
        createRow({
          name: `${name}, ${subject}`,
          value,
          unit,
          ...compare(measurements, figure, subject, options),
        }),
      ];
    }),
  );
}

function compare(
  measurements: Measurements,
  { name, goal, ownGoal }: Figure,
  subject: string,
  { own, peer }: ToRowsOptions,
): RowComparison {
  if (subject === peer) return {};
  // A rate of zero is no multiple of a rate of zero: it is judged by itself.
  if (ownGoal !== undefined) return subject === own ? { goal: ownGoal } : {};
  const ratio = measurements.ratio({ figure: name, subject }, peer);
  const ratioRange = measurements.ratioRange({ figure: name, subject }, peer);
  return { against: peer, ratio, ratioRange, goal: subject === own ? goal : undefined };
}
