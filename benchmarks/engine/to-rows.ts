import type { Measurements } from "../lib/measurements.ts";
import { createRow, type Row } from "../lib/row.ts";
import { type EngineGoal, goalsOf, loadFigures, nameOfFigure, nameOfMemory } from "./figures.ts";
import type { Load } from "./load.ts";
import type { BenchmarkModel } from "./models.ts";
import { ownName } from "./subjects.ts";

/** Options of {@link toRows}. */
export interface ToRowsOptions {
  readonly models: readonly BenchmarkModel[];
  readonly loads: readonly Load[];
  readonly subjects: readonly string[];
}

/** Every figure of every subject, and then our engine against each peer. */
export function toRows(measurements: Measurements, { models, loads, subjects }: ToRowsOptions): Row[] {
  return models.flatMap(({ name: model }) => {
    const figures = [
      ...loads.flatMap((load) =>
        loadFigures.map(({ title, unit }) => ({ figure: nameOfFigure(model, load, title), unit })),
      ),
      { figure: nameOfMemory(model), unit: "MB" },
    ];
    const measured = figures.flatMap(({ figure, unit }) =>
      subjects.flatMap((subject) => {
        const value = measurements.value({ figure, subject });
        return value === undefined ? [] : [createRow({ name: `${figure}, ${subject}`, value, unit })];
      }),
    );
    return [...measured, ...goalsOf(model).flatMap((goal) => judge(measurements, goal))];
  });
}

function judge(measurements: Measurements, { figure, unit, against, goal }: EngineGoal): Row[] {
  const key = { figure, subject: ownName };
  const value = measurements.value(key);
  if (value === undefined) return [];
  const ratio = against === undefined ? undefined : measurements.ratio(key, against);
  const ratioRange = against === undefined ? undefined : measurements.ratioRange(key, against);
  const name = against === undefined ? figure : `${figure}, against ${against}`;
  return [createRow({ name, value, unit, against, ratio, ratioRange, goal })];
}
