import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DriftError } from "../index.ts";
import { azureColumn } from "./azure.ts";
import { detectLike, verdictOf } from "./detect-like.ts";
import { evidentlyColumn } from "./evidently.ts";
import { binEdges, histogram } from "./histogram.ts";
import { nannymlColumn } from "./nannyml.ts";
import type { ParityColumn, ParitySamples, ParityTool } from "./parity-verdict.ts";
import { scipyColumn } from "./scipy.ts";
import { whylogsColumn } from "./whylogs.ts";

interface Expected {
  readonly method: string;
  readonly score: number;
  readonly threshold: number;
  readonly isDrift: boolean;
  readonly currentRows?: number;
}
interface Case {
  readonly name: string;
  readonly kind: "numeric" | "categorical";
  readonly reference: readonly (number | string)[];
  readonly current: readonly (number | string)[];
  readonly expected: Readonly<Partial<Record<ParityTool, Expected>>>;
}

// What fixtures/generate.py wrote.
const { cases } = JSON.parse(readFileSync(new URL("parity.fixtures.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
};

const rules: Readonly<Record<ParityTool, (samples: ParitySamples) => ParityColumn>> = {
  evidently: evidentlyColumn,
  nannyml: (samples) => nannymlColumn(samples),
  azure: azureColumn,
  whylogs: whylogsColumn,
  scipy: scipyColumn,
};

function samplesOf({ kind, reference, current }: Case, rows: number = current.length): ParitySamples {
  return kind === "numeric"
    ? {
        kind,
        reference: Float64Array.from(reference, Number),
        current: Float64Array.from(current.slice(0, rows), Number),
      }
    : { kind, reference: reference.map(String), current: current.slice(0, rows).map(String) };
}

const comparisons = cases.flatMap((one) =>
  Object.entries(one.expected).map(([tool, expected]) => ({
    title: `${tool}: ${one.name}`,
    // The generator names its tools as the type does.
    tool: tool as ParityTool,
    one,
    expected,
  })),
);

test.each(comparisons)("$title", ({ tool, one, expected }) => {
  const column = rules[tool](samplesOf(one, expected.currentRows));
  expect(column.method).toBe(expected.method);
  expect(column.isDrift).toBe(expected.isDrift);
  // whylogs takes its p-value from SciPy's kstwo, which is off by up to 1.1e-5 from 140 rows on.
  const tolerance = tool === "whylogs" ? 2e-5 : 1e-9 * Math.abs(expected.score) + 1e-13;
  expect(Math.abs((column.score ?? Infinity) - expected.score)).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(column.threshold - expected.threshold)).toBeLessThanOrEqual(1e-9);
});

describe("histogram", () => {
  test("the last bin is closed, others are open above, the outside is left out", () => {
    expect([...histogram([0, 1, 1.5, 2, 3, -1], Float64Array.of(0, 1, 2))]).toEqual([1, 3]);
    expect([...binEdges(Float64Array.of(4, 4), "sturges")]).toEqual([3.5, 4.5]);
  });
});

describe("detectLike", () => {
  const reference = { x: Array.from({ length: 50 }, (_, row) => row), y: Array.from("ab".repeat(25)) };

  test("reads data as the tools do, and takes each tool's rule for the whole", () => {
    const current = { x: reference.x.map((value) => value + 40), y: reference.y };
    const evidently = detectLike("evidently", reference, current);
    expect(evidently.columns.map(({ isDrift }) => isDrift)).toEqual([true, false]);
    expect([evidently.isDrift, evidently.rule]).toEqual([true, "at least half of the columns"]);
    expect(verdictOf("evidently", [{ isDrift: true }, { isDrift: false }, { isDrift: false }]).isDrift).toBe(
      false,
    );
    expect(verdictOf("azure", [{ isDrift: true }, { isDrift: false }, { isDrift: false }]).isDrift).toBe(
      true,
    );
  });

  test("an unknown tool, or no data, is refused", () => {
    // What comes from outside may be anything.
    expect(() => detectLike("other" as ParityTool, reference, reference)).toThrow(DriftError);
    expect(() => detectLike("scipy", 3 as never, reference)).toThrow(DriftError);
  });
});
