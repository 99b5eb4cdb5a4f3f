import { describe, expect, it } from "vitest";
import { ordersResult } from "../report.fixtures.ts";
import { displayWidth, fitText } from "./display-width.ts";
import { toText } from "./to-text.ts";

const orders = ordersResult();
const escape = "\u001b";

describe("toText", () => {
  it("says the verdict first, then a line for each column, in order", () => {
    const lines = toText(orders, { width: 100 }).split("\n");
    expect(lines[0]).toBe("DRIFT");
    expect(lines[1]).toContain(
      `${orders.statusCounts.drift} of 20 columns changed more than chance explains (alpha 0.05`,
    );
    const start = lines.findIndex((line) => line.startsWith(" #"));
    const rows = lines.slice(start + 1).filter((line) => /^ ?\d/.test(line));
    expect(rows.map((line) => line.split(/ {2,}/)[1] ?? line)).toHaveLength(20);
    const weight = orders.columns.find(({ name }) => name === "weight_kg")!;
    const { low, estimate, high } = weight.evidence[0]!.effect;
    const [from, middle, to] = [low, estimate, high].map((share) => (100 * share).toFixed(1));
    expect(rows[weight.rank - 1]?.replace(/ {2,}/g, " | ").trim()).toBe(
      `${weight.rank} | weight_kg | Drift | +${middle} % missing (${from} to ${to} %) | 1 % | < 1e-16`,
    );
  });

  it.each([60, 72, 80, 120])("keeps to a width of %i, aligned", (width) => {
    const names = ["日本語の列名前がとても長い場合", "👩‍🔧 emoji", "x".repeat(300), "e\u0301te\u0301"];
    const columns = orders.columns.map((column, index) => ({
      ...column,
      name: names[index % names.length]!,
      status: index % 3 === 0 ? ("invalid" as const) : column.status,
    }));
    const lines = toText({ ...orders, columns }, { width }).split("\n");
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
    const rows = lines.filter((line) => /^ ?\d+ {2}/.test(line));
    expect(rows).toHaveLength(20);
    expect(new Set(rows.map(displayWidth)).size).toBe(1);
  });

  it("has no control codes, unless colours are asked for", () => {
    expect(toText(orders)).not.toContain(escape);
    expect(toText(orders, { color: true })).toContain(`${escape}[1;31mDRIFT${escape}[0m`);
    const columns = orders.columns.map((column) => ({
      ...column,
      name: `${escape}[2J\u009b31m\u0007`,
      reason: `${escape}]0;title\u0007\r\n`,
      status: "invalid" as const,
    }));
    const text = toText({ ...orders, columns });
    // oxlint-disable-next-line no-control-regex - controls are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain("\\u{1b}[2J");
  });

  it("lists as many columns as asked, and says how many are left", () => {
    const text = toText(orders, { limit: 3 });
    expect(text.split("\n").at(-1)).toBe("… and 17 more");
    expect(toText(orders, { limit: 0 }).split("\n").at(-1)).toBe("… and 20 more");
  });

  it("refuses options outside their ranges", () => {
    expect(() => toText(orders, { width: 20 })).toThrow(
      "The option width is 20. Pass a whole number from 60.",
    );
    expect(() => toText(orders, { limit: -1 })).toThrow("The option limit is -1.");
  });
});

describe("the width of a text", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["👩‍🔧", 2],
    ["🇩🇪", 2],
    ["e\u0301", 1],
    ["χ²", 2],
  ])("of %s is %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it("is kept when it is cut in the middle of a wide character", () => {
    expect(fitText("a日本語", 4)).toBe("a日…");
    expect(fitText("日本語", 4)).toBe("日… ");
    expect(fitText("ab", 4)).toBe("ab  ");
  });
});
