import { describe, expect, it } from "vitest";
import { detectDrift } from "../../detect/detect-drift.ts";
import { orders, ordersResult } from "../report.fixtures.ts";
import { explainRemedies, explainVerdict, verdictSentence } from "./explain-result.ts";
import {
  formatCount,
  formatDifference,
  formatNumber,
  formatPercentage,
  formatPValue,
  formatShare,
} from "./format-number.ts";
import { currentRowsFor, detectableShiftWith } from "./sensitivity.ts";
import { visibleName, visibleText } from "./visible-text.ts";

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

describe("figures", () => {
  it.each([
    [0.1 + 0.2, "0.3"],
    [0, "0"],
    [-0, "0"],
    [1234.5, "1 230"],
    [-0.0451, "\u22120.0451"],
    [1.23456e-9, "1.23e-9"],
    [1e-4, "0.0001"],
    [2e15, "2e15"],
    [12_345_678, "12 300 000"],
  ])("%d reads %s", (value, text) => expect(plain(formatNumber(value))).toBe(text));

  it.each([
    [0, "0 %"],
    [1, "100 %"],
    [0.9997, "> 99.9 %"],
    [0.1234, "12.3 %"],
    [0.00042, "0.04 %"],
    [0.00001, "< 0.01 %"],
    [-0.05, "\u22125.0 %"],
  ])("a share of %d reads %s", (share, text) => expect(plain(formatShare(share))).toBe(text));

  it("have signs, units and groups where they are asked for", () => {
    expect(plain(formatDifference(0.012))).toBe("+1.2 %");
    expect(formatPercentage(0.012)).toBe("1.2");
    expect(plain(formatCount(1_234_567))).toBe("1 234 567");
    expect(plain(formatCount(1234.56))).toBe("1 234.6");
    expect(formatPValue(0)).toBe("< 1e-16");
  });
});

describe("texts from data", () => {
  it("show what cannot be seen", () => {
    expect(visibleText("a\u202eb\u0000\n\ud800\u200b")).toBe("a\\u{202e}b\\u{0}\\n\\u{d800}\\u{200b}");
    expect(visibleText("👩‍🔧 größe")).toBe("👩‍🔧 größe");
    expect(visibleName("")).toBe('""');
    expect(visibleName("  ")).toBe('"  "');
  });

  it("are cut between characters, and say by how much", () => {
    expect(visibleText("😀".repeat(10), 4)).toBe("😀😀😀😀… (+6)");
    expect(visibleText("x".repeat(100), 4)).toBe("xxxx… (+96)");
  });
});

describe("sensitivity", () => {
  const [column] = detectDrift(
    orders(3_000, { seed: 3, drift: 0 }),
    orders(300, { seed: 4, drift: 0 }),
  ).columns.filter(({ name }) => name === "score");

  it("is what the detector says at the other size", () => {
    const more = detectDrift(
      orders(3_000, { seed: 3, drift: 0 }),
      orders(1_200, { seed: 4, drift: 0 }),
    ).columns.find(({ name }) => name === "score")!;
    const rows = more.valueRows.current;
    const said = more.minimumDetectableShift!;
    // The level per test is the same; the number of tests of the column is one in both.
    expect(detectableShiftWith(column!, rows)).toBeCloseTo(said, 10);
  });

  it("inverts: with so many rows the change is found", () => {
    const rows = currentRowsFor(column!, 0.08)!;
    expect(detectableShiftWith(column!, rows)).toBeCloseTo(0.08, 3);
    expect(currentRowsFor(column!, 0.001)).toBe(Infinity);
    expect(currentRowsFor({ ...column!, minimumDetectableShift: null }, 0.1)).toBeNull();
    expect(detectableShiftWith({ ...column!, minimumDetectableShift: 1 }, 10)).toBeNull();
  });
});

describe("the verdict in words", () => {
  it("names the level and the correction, and counts the columns", () => {
    const result = ordersResult();
    expect(result.statusCounts.drift).toBeGreaterThan(5);
    expect(verdictSentence(result)).toBe(
      `${result.statusCounts.drift} of 20 columns changed more than chance explains (alpha 0.05, adjusted for 20 columns with Benjamini-Hochberg).`,
    );
    const same = orders(500, { seed: 5, drift: 0 }).map(({ score, age }) => ({ score, age }));
    expect(verdictSentence(detectDrift(same, same, { correction: "holm", alpha: 0.01 }))).toBe(
      "None of 2 columns has a change that matters (alpha 0.01, adjusted for 2 columns with Holm).",
    );
    expect(verdictSentence(detectDrift([], []))).toBe("There was no column to compare.");
  });

  it("says what an unplanned eye would miss: looks, negligible changes, missing sensitivity", () => {
    const values = Array.from({ length: 60_000 }, (_, row) => row / 60_000);
    const moved = values.map((value) => Math.min(value + 0.015, 1 + value / 1e3));
    const result = detectDrift({ x: values }, { x: moved }, { look: { look: 2, of: 5 } });
    expect(result.status).toBe("stable");
    const text = plain(explainVerdict(result).join(" "));
    expect(text).toContain("this is look 2, and it was held to 0.01");
    expect(text).toMatch(
      /1 column changed for certain, but too little to matter: x by 1\.\d %, where 5 % matters/,
    );
  });

  it("says how many rows a column lacks", () => {
    const few = orders(40, { seed: 6, drift: 0 }).map(({ score }) => ({ score }));
    const many = orders(4_000, { seed: 7, drift: 0 }).map(({ score }) => ({ score }));
    const [remedy] = explainRemedies(detectDrift(many, few)).map(plain);
    expect(remedy).toMatch(
      /^score: about \d+ current rows with a value would show a change of 10 % of rows in 8 of 10 cases; there are 40\.$/,
    );
  });

  it("does not hide a column that could show nothing at all", () => {
    const rows = orders(600, { seed: 8, drift: 0 }).map(({ score, score_old }) => ({ score, score_old }));
    const result = detectDrift(rows.slice(0, 500), rows.slice(500));
    const hidden = result.columns.find(({ name }) => name === "score_old")!;
    expect(hidden.minimumDetectableShift).toBe(1);
    expect(plain(explainVerdict(result).join(" "))).toContain("one of 100 % of rows in every column");
    expect(explainRemedies(result).join(" ")).toMatch(
      /score_old: \d current rows with a value against \d+ say next to nothing; it needs more of both\./,
    );
  });
});
