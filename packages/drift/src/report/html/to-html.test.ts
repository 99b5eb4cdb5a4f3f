import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type DefaultTreeAdapterMap, parse } from "parse5";
import { describe, expect, it } from "vitest";
import { detectDrift } from "../../detect/detect-drift.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";
import { hundredColumnsResult, ordersResult } from "../report.fixtures.ts";
import { reportContentSecurityPolicy } from "./content-security-policy.ts";
import { renderMarkup } from "./markup.ts";
import { pageStyle } from "./page-style.ts";
import { toHtml } from "./to-html.ts";

type Node = DefaultTreeAdapterMap["node"];
type Element = DefaultTreeAdapterMap["element"];

const orders = ordersResult();

function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const visit = (node: Node): void => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

function textOf(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

/** A page's elements and attributes without their values: what data must not change. */
function skeletonOf(html: string): string[] {
  return elementsOf(html).map(
    ({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(" ")}`,
  );
}

/** The same result, with other names of columns and categories, and other reasons. */
function renamed(result: DriftResult, name: (index: number) => string): DriftResult {
  return {
    ...result,
    reason: name(0),
    columns: result.columns.map((column, index) => ({
      ...column,
      name: name(index),
      reason: name(index),
      evidence: column.evidence.map((each) => ({ ...each, why: name(index) })),
      distances: column.distances.map((each) => ({ ...each, formula: name(0) })),
      bins: column.bins.map((bin) => (bin.kind === "category" ? { ...bin, label: name(index) } : bin)),
    })),
  };
}

const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `</style><style>*{display:none}</style>`,
  `</title></head><body onload=alert(1)>`,
  `&lt;b&gt;&amp;&#60;i&#62;`,
  `<!-- --!><svg/onload=alert(1)>`,
  `]]><![CDATA[<b>`,
  `\`\${alert(1)}\``,
];

describe("a page", () => {
  it("says the verdict, every column and every reason", () => {
    const text = textOf(parse(toHtml(orders, { title: "Orders", subtitle: "July against June" })));
    expect(text).toContain(`${orders.statusCounts.drift} of 20 columns changed more than chance explains`);
    expect(text).toContain("alpha 0.05, adjusted for 20 columns with Benjamini-Hochberg");
    expect(text).toContain("July against June");
    for (const { name, reason } of orders.columns) {
      expect(text).toContain(name);
      expect(text.replaceAll("\u00a0", " ")).toContain(reason);
    }
    const texts = toHtml(orders).replace(/<[^>]*>/g, " ");
    expect(/\d\.\d{8,}|NaN\s*%|undefined|null|\[object/.exec(texts)).toBeNull();
  });

  it("shows what the result says: shares, effects, distances and rules", () => {
    const price = orders.columns.find(({ name }) => name === "weight_kg")!;
    const elements = elementsOf(toHtml(orders));
    const body = elements.find(({ attrs }) => attrs.some(({ value }) => value === `column-${price.rank}`))!;
    const text = textOf(body).replace(/[\u00a0\u202f]/g, " ");
    const missing = price.specialCells[0]!;
    expect(text).toContain(`${(100 * missing.referenceShare).toFixed(1)} %`);
    expect(text).toContain(`+${(100 * (missing.currentShare - missing.referenceShare)).toFixed(1)} %`);
    const psi = price.distances.find(({ name }) => name === "psi")!;
    expect(text).toContain(String(Number(psi.value.toPrecision(3))));
    expect(text).toContain(String(Number(psi.calibratedThreshold!.toPrecision(3))));
    expect(text).toContain(`from ${100 * price.evidence[0]!.effect.threshold} % on`);
  });

  it("stays below 500 kB for 100 columns of all kinds", () => {
    const html = Buffer.from(toHtml(hundredColumnsResult()));
    expect(html.length).toBeLessThan(500_000);
    expect(gzipSync(html).length).toBeLessThan(80_000);
  });

  it("is the same for a result that went through JSON", () => {
    expect(toHtml(JSON.parse(JSON.stringify(orders)) as DriftResult)).toBe(toHtml(orders));
  });

  it("refuses what is no result", () => {
    expect(() => toHtml({ ...orders, version: 2 as 1 })).toThrow(
      'The option result has the format "mlops.drift.result" and the version 2.',
    );
  });

  it("has ids that are unique, and refers to no other", () => {
    const attributes = elementsOf(toHtml(orders)).flatMap(({ attrs }) => attrs);
    const ids = attributes.filter(({ name }) => name === "id").map(({ value }) => value);
    expect(new Set(ids).size).toBe(ids.length);
    const references = attributes.filter(({ name, value }) => name === "href" && value.startsWith("#"));
    expect(references.length).toBeGreaterThan(40);
    expect(references.filter(({ value }) => !ids.includes(value.slice(1)))).toEqual([]);
  });

  it("writes results without columns, without rows, and with columns that cannot be compared", () => {
    const empty = detectDrift([], []);
    expect(textOf(parse(toHtml(empty)))).toContain("Not comparable");
    const noRows = detectDrift([{ a: 1 }, { a: 2 }], { a: [] });
    expect(textOf(parse(toHtml(noRows)))).toContain("The current data have no rows.");
    const invalid = renamed(orders, (index) => `c${index}`);
    const [first, ...rest] = invalid.columns;
    const without = {
      ...first!,
      kind: null,
      status: "invalid",
      reason: "Vectors of another length.",
    } as const;
    const page = toHtml({
      ...invalid,
      columns: [{ ...without, evidence: [], bins: [], distances: [], rules: [], specialCells: [] }, ...rest],
    });
    expect(textOf(parse(page))).toContain("Vectors of another length.");
  });
});

describe("what data put into a page", () => {
  const plain = skeletonOf(toHtml(renamed(orders, (index) => `column ${index}`)));

  it.each(hostile)("cannot become an element or leave an attribute: %s", (text) => {
    const html = toHtml(renamed(orders, () => text));
    expect(skeletonOf(html)).toEqual(plain);
    expect(textOf(parse(html))).toContain(text);
  });

  it("never changes the structure of the page, whatever the text", () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.constantFrom(...hostile, "\u202ecod.exe", "\u0000", "\ud800", "👩‍🔧", "x".repeat(5_000)),
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(texts, (names) => {
        const html = toHtml(renamed(orders, (index) => names[index % names.length]!));
        expect(skeletonOf(html)).toEqual(plain);
        // oxlint-disable-next-line no-control-regex - controls are what must not be there
        expect(/[\u202a-\u202e\u2066-\u2069\u0000]/.exec(html)).toBeNull();
      }),
      { seed: 7, numRuns: 15 },
    );
  });

  it("is shown where it cannot be seen, and cut where it is long", () => {
    const text = textOf(
      parse(toHtml(renamed(orders, (index) => (index === 0 ? "a\u202eb" : "x".repeat(5_000))))),
    );
    expect(text).toContain("a\\u{202e}b");
    expect(text).toContain(`${"x".repeat(120)}… (+4880)`);
  });
});

describe("the page's policy", () => {
  const elements = elementsOf(toHtml(orders));

  it("allows the style and nothing else, and the page says so before it", () => {
    const hash = createHash("sha256").update(renderMarkup(pageStyle())).digest("base64");
    expect(reportContentSecurityPolicy).toContain(`style-src 'sha256-${hash}'`);
    expect(reportContentSecurityPolicy).toMatch(/^default-src 'none';/);
    const policy = elements.findIndex(({ attrs }) =>
      attrs.some(({ value }) => value === reportContentSecurityPolicy),
    );
    expect(policy).toBeGreaterThan(0);
    expect(policy).toBeLessThan(elements.findIndex(({ tagName }) => tagName === "style"));
  });

  it("has nothing to forbid: no script, no handler, no style attribute, no reference outside the page", () => {
    const names = new Set(elements.map(({ tagName }) => tagName));
    for (const name of ["script", "iframe", "object", "embed", "img", "form", "base"]) {
      expect(names).not.toContain(name);
    }
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(
      attributes.filter(({ name }) => name === "style" || name === "src" || name.startsWith("on")),
    ).toEqual([]);
    const links = attributes.filter(({ name }) => name === "href").map(({ value }) => value);
    expect(links.filter((link) => !link.startsWith("#") && link !== "data:,")).toEqual([]);
    expect(renderMarkup(pageStyle())).not.toMatch(/url\(|@import|expression/i);
  });
});
