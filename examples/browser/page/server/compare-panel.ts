import { byId, make } from "../dom.ts";
import { messageOf } from "../message-of.ts";
import type { Comparison } from "./compare.ts";

/** A model that can be compared, and what it is called. */
export interface Comparable {
  readonly label: string;
  readonly compare: () => Promise<Comparison | undefined>;
}

/** The part of the page that compares its models with the server's. */
export function showComparePanel(models: readonly Comparable[]): void {
  const button = byId("compare", HTMLButtonElement);
  const container = byId("comparison", HTMLDivElement);
  button.addEventListener("click", () => {
    void (async () => {
      button.disabled = true;
      try {
        const columns: Column[] = [];
        for (const { label, compare } of models) {
          const comparison = await compare();
          if (comparison !== undefined) columns.push({ label, comparison });
        }
        container.replaceChildren(toTable(columns));
      } catch (error) {
        container.replaceChildren(make("p", { className: "wrong" }, messageOf(error)));
      } finally {
        button.disabled = false;
      }
    })();
  });
}

interface Column {
  readonly label: string;
  readonly comparison: Comparison;
}

const rows: readonly (readonly [title: string, cell: (comparison: Comparison) => Node | string])[] = [
  ["Numbers compared", ({ count }) => String(count)],
  ["Largest difference", ({ difference }) => (difference === 0 ? "none" : difference.toExponential(1))],
  ["Of what both precisions allow", ({ partOfAllowed }) => verdict(partOfAllowed)],
  ["Time here", ({ here }) => `${here.milliseconds.toFixed(1)} ms on ${here.device}`],
  ["Time on the server, with the way", ({ server }) => `${server.milliseconds.toFixed(1)} ms on cpu`],
];

/** One column for each model, so that it fits a phone. */
function toTable(columns: readonly Column[]): HTMLTableElement {
  const head = columns.map(({ label }) => make("th", { scope: "col" }, label));
  const body = rows.map(([title, cell]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, title),
      ...columns.map(({ comparison }) => make("td", {}, cell(comparison))),
    ),
  );
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, make("td"), ...head)),
    make("tbody", {}, ...body),
  );
}

function verdict(partOfAllowed: number): Node {
  const isWithin = partOfAllowed <= 1;
  const percent = partOfAllowed === 0 ? "0" : (partOfAllowed * 100).toPrecision(2);
  return make(
    "span",
    { className: isWithin ? "right" : "wrong" },
    `${percent} % ${isWithin ? "✓" : "✗ too far"}`,
  );
}
