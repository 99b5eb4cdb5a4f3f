import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { toCategory } from "../profile/category-column-counter.ts";
import { inferKind } from "../profile/infer-kind.ts";
import { toNumber } from "../profile/numeric-column-counter.ts";
import { columnsOf, type ProfileData } from "../profile/profile-data.ts";
import { azureColumn } from "./azure.ts";
import { evidentlyColumn, evidentlyShare } from "./evidently.ts";
import { nannymlColumn } from "./nannyml.ts";
import type { ParityColumn, ParitySamples, ParityTool, ParityVerdict } from "./parity-verdict.ts";
import { scipyColumn } from "./scipy.ts";
import { whylogsColumn } from "./whylogs.ts";

/**
 * What another tool's default rule says about the same data: its scores, thresholds and verdict, to
 * compare with, or to move away from. None of these rules holds a stated rate of false alarms; see the
 * calibration table of this project for what they come to.
 *
 * Values that are missing, NaN or infinite are dropped, as these tools do. Text, embeddings and
 * columns with fewer than two values on a side are passed over.
 *
 * @throws InvalidDataError `INVALID_DATA` for what is neither rows nor columns, or an unknown tool.
 */
export function detectLike(tool: ParityTool, reference: ProfileData, current: ProfileData): ParityVerdict {
  const compare = Object.hasOwn(columnRules, tool) ? columnRules[tool] : undefined;
  if (compare === undefined) {
    throw new InvalidDataError({
      problem: `cannot be compared like ${String(tool)}`,
      remedy: `Pass one of ${Object.keys(columnRules).join(", ")}.`,
    });
  }
  const currentByName = new Map(columnsOf(current).columns.map(({ name, values }) => [name, values]));
  const columns = columnsOf(reference).columns.flatMap(({ name, values }) => {
    const samples = samplesOf(values, currentByName.get(name) ?? []);
    return samples === undefined ? [] : [{ name, ...compare(samples) }];
  });
  return { tool, ...verdictOf(tool, columns), columns };
}

const columnRules: Readonly<Record<ParityTool, (samples: ParitySamples) => ParityColumn>> = {
  evidently: evidentlyColumn,
  nannyml: (samples) => nannymlColumn(samples),
  azure: azureColumn,
  whylogs: whylogsColumn,
  scipy: scipyColumn,
};

/** The verdict of a tool's own rule for the whole; where it has none, any column. */
export function verdictOf(
  tool: ParityTool,
  columns: readonly Pick<ParityColumn, "isDrift">[],
): Pick<ParityVerdict, "isDrift" | "rule"> {
  const drifted = columns.filter(({ isDrift }) => isDrift).length;
  if (tool === "evidently") {
    const isDrift = columns.length > 0 && drifted / columns.length >= evidentlyShare;
    return { isDrift, rule: "at least half of the columns" };
  }
  return { isDrift: drifted > 0, rule: "any column" };
}

function samplesOf(reference: ArrayLike<unknown>, current: ArrayLike<unknown>): ParitySamples | undefined {
  const kind = inferKind(reference);
  if (kind === "numeric" || kind === "datetime") {
    const samples = {
      kind: "numeric" as const,
      reference: numbersIn(reference),
      current: numbersIn(current),
    };
    return samples.reference.length < 2 || samples.current.length < 2 ? undefined : samples;
  }
  if (kind !== "categorical" && kind !== "boolean") return undefined;
  const samples = {
    kind: "categorical" as const,
    reference: categoriesIn(reference),
    current: categoriesIn(current),
  };
  return samples.reference.length < 2 || samples.current.length < 2 ? undefined : samples;
}

function numbersIn(values: ArrayLike<unknown>): Float64Array {
  return Float64Array.from(
    Array.from(values, toNumber).filter((value): value is number => Number.isFinite(value)),
  );
}

function categoriesIn(values: ArrayLike<unknown>): string[] {
  return Array.from(values, toCategory).filter((value) => value !== undefined);
}
