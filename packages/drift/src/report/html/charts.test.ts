import { describe, expect, it } from "vitest";
import type { ColumnResult } from "../../verdict/column-result.ts";
import type { Effect } from "../../verdict/evidence.ts";
import { ordersResult } from "../report.fixtures.ts";
import { fullHeight, stepOutline } from "./bar-path.ts";
import { intervalPlot } from "./interval-plot.ts";
import { type Markup, renderMarkup } from "./markup.ts";
import { sharesTable } from "./shares-table.ts";

/** The heights that a path of relative steps passes, one for each step. */
function heightsOf(path: string): number[] {
  const heights: number[] = [];
  let y = fullHeight + 3;
  for (const [, command, amount] of path.matchAll(/([hv])(-?\d+)/g)) {
    if (command === "v") y += Number(amount);
    else for (let step = 0; step < Number(amount); step += 1) heights.push(fullHeight + 3 - y);
  }
  return heights;
}

describe("stepOutline", () => {
  it("is as high as the shares say, one step for each", () => {
    expect(heightsOf(stepOutline([0.1, 0.2, 0.2, 0, 0.4], 0.4))).toEqual([24, 48, 48, 0, 96]);
    expect(heightsOf(stepOutline([0, 0, 0], 0))).toEqual([0, 0, 0]);
    expect(heightsOf(stepOutline([0, 1], 1))).toEqual([0, 96]);
  });

  it("starts and ends at the bottom", () => {
    expect(stepOutline([0.5, 1], 1)).toBe("M0 99v-48h1v-48h1v96");
  });
});

describe("intervalPlot", () => {
  const effect: Effect = {
    measure: "share-difference",
    estimate: -0.02,
    low: -0.03,
    high: -0.01,
    confidence: 0.95,
    threshold: 0.01,
    materiality: "material",
  };
  const placesOf = (plot: Effect) => {
    const html = renderMarkup(intervalPlot(plot, "x"));
    const path = (name: string) => new RegExp(`class="${name}" d="([^"]*)"`).exec(html)?.[1] ?? "";
    const [, low = "", length = ""] = /^M([\d.]+) .*h([\d.]+)/.exec(path("range")) ?? [];
    return {
      low: Number(low),
      high: Number(low) + Number(length),
      estimate: Number(/^M([\d.]+)/.exec(path("point"))?.[1]),
      limits: Array.from(path("limit").matchAll(/M([\d.]+)/g), ([, place]) => Number(place)),
    };
  };

  it("draws a difference around 0, with a threshold on each side", () => {
    const { low, high, estimate, limits } = placesOf(effect);
    expect(limits).toHaveLength(2);
    expect((limits[0]! + limits[1]!) / 2).toBeCloseTo(60, 1);
    // The upper end lies on the lower threshold, and the rest in proportion.
    expect(high).toBeCloseTo(limits[0]!, 1);
    expect(60 - low).toBeCloseTo(3 * (60 - high), 0);
    expect(60 - estimate).toBeCloseTo(2 * (60 - high), 0);
  });

  it("keeps every part inside, whichever end is the far one", () => {
    for (const [low, high] of [
      [0.9, 1],
      [-1, -0.9],
      [-0.001, 0.001],
      [-1, 1],
    ] as const) {
      const places = placesOf({ ...effect, low, high, estimate: (low + high) / 2 });
      for (const place of [places.low, places.high, places.estimate, ...places.limits]) {
        expect(place).toBeGreaterThanOrEqual(5);
        expect(place).toBeLessThanOrEqual(115);
      }
    }
  });

  it("draws a distance from 0 with one threshold, and says it in words", () => {
    const distance: Effect = {
      ...effect,
      measure: "total-variation",
      estimate: 0.1,
      low: 0.05,
      high: 0.2,
      threshold: 0.05,
    };
    const { low, limits } = placesOf(distance);
    expect(limits).toEqual([low]);
    expect(renderMarkup(intervalPlot(distance, "x"))).toContain(
      "<title>10.0\u00a0%, interval 5.0 to 20.0\u00a0%; matters from 5\u00a0%</title>",
    );
  });
});

describe("sharesTable", () => {
  const rowsOf = (column: ColumnResult): string[] => {
    const table: Markup | null = sharesTable(column);
    const rows = table === null ? [] : renderMarkup(table).split("<tr>").slice(2);
    return rows.map((row) =>
      row
        .replace(/<svg.*?<\/svg>/s, "")
        .replace(/<[^>]*>/g, " ")
        .replace(/[\s\u00a0\u202f]+/g, " ")
        .trim(),
    );
  };
  const base = ordersResult().columns.find(({ name }) => name === "plan")!;
  const category = (label: string, referenceShare: number, currentShare: number) =>
    ({ label, kind: "category", from: null, to: null, referenceShare, currentShare }) as const;

  it("has a row for each category and special cell, with the change from the reference", () => {
    const cell = { cell: "missing", referenceWeight: 0, currentWeight: 1_234 } as const;
    const column: ColumnResult = {
      ...base,
      bins: [category("<missing>", 0.75, 0.5), category("b", 0.25, 0.25)],
      specialCells: [{ ...cell, referenceShare: 0, currentShare: 0.25 }],
    };
    expect(rowsOf(column)).toEqual([
      "&lt;missing&gt; 75.0 % 50.0 % \u221225.0 %",
      "b 25.0 % 25.0 % 0 %",
      "missing 0 and 1 234 rows 0 % 25.0 % +25.0 %",
    ]);
  });

  it("sums up what is not among the ten most frequent on either side", () => {
    const rare = Array.from({ length: 10 }, (_, index) => category(`rare ${index}`, 0.01, 0.01));
    const bins = [...rare, category("common", 0.8, 0), category("new", 0, 0.8), category("middle", 0.1, 0.1)];
    const rows = rowsOf({ ...base, bins, specialCells: [] });
    expect(rows).toHaveLength(11);
    expect(rows.filter((row) => /^(common|new|middle)/.test(row))).toHaveLength(3);
    expect(rows.at(-1)).toBe("all others 3.0 % 3.0 % 0 %");
  });
});
