import type { DriftResult } from "../../verdict/drift-result.ts";
import { checkResult } from "../check-result.ts";
import { visibleText } from "../wording/visible-text.ts";
import { columnSection } from "./column-section.ts";
import { reportContentSecurityPolicy } from "./content-security-policy.ts";
import { glossary } from "./glossary.ts";
import { type Markup, markup, renderMarkup } from "./markup.ts";
import { meaning, remedies, verdictBanner } from "./overview.ts";
import { pageStyle } from "./page-style.ts";
import { rankingTable } from "./ranking-table.ts";
import { statusFilter } from "./status-filter.ts";
import { statusShapes } from "./status-mark.ts";

/** Options of `toHtml`. */
export interface HtmlOptions {
  /** The page's title and first heading. By default "Drift report". */
  readonly title?: string;
  /** A line below the title, such as what was compared and when. By default none. */
  readonly subtitle?: string;
}

/**
 * A drift result as one HTML page that needs nothing else: no script, no request, no font.
 *
 * The page holds the verdict and what it means, a ranking of the columns, and for each column both
 * distributions, the tests with their effects against what matters, and the usual distances beside
 * what sampling alone gives. It reads on a phone and on paper, light or dark as the reader's system
 * is. Texts from data are escaped, and what cannot be seen in them is written out.
 *
 * The page's own policy (`reportContentSecurityPolicy`) forbids scripts and requests; a server that
 * sends a policy of its own has to allow the style, best by sending that one.
 *
 * @returns A whole document, the same for the same result; about 7 kB, and 3 to 5 kB for each column.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for what is no result of `detectDrift`.
 *
 * @example
 * ```ts
 * writeFileSync("drift.html", toHtml(detectDrift(trainingRows, todaysRows)));
 * ```
 */
export function toHtml(result: DriftResult, options: HtmlOptions = {}): string {
  checkResult(result);
  return `<!doctype html>\n${renderMarkup(page(result, options))}\n`;
}

function page(result: DriftResult, { title = "Drift report", subtitle }: HtmlOptions): Markup {
  return markup`<html lang="en">
  <head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${reportContentSecurityPolicy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="referrer" content="no-referrer">
  <title>${visibleText(title, 200)}</title>
  <link rel="icon" href="data:,">
  <style>${pageStyle()}</style>
  </head>
  <body>
  ${statusShapes()}
  <main>
  <header><h1>${visibleText(title, 200)}</h1>${subtitle === undefined ? null : markup`<p>${visibleText(subtitle, 400)}</p>`}</header>
  ${verdictBanner(result)}
  ${meaning(result)}
  <section><h2>Ranking</h2>${statusFilter(result)}${rankingTable(result)}</section>
  ${remedies(result)}
  <section><h2>Columns</h2>${result.columns.map((column) => columnSection(column, result))}</section>
  ${glossary(result)}
  </main>
  </body>
  </html>`;
}
