import type { Effect } from "../../verdict/evidence.ts";
import { describeEstimate, describeInterval, describeThreshold } from "../wording/describe-effect.ts";
import { type Markup, markup } from "./markup.ts";

const width = 120;
const height = 18;
const margin = 5;

/**
 * An effect with its interval against what matters: dashed at the threshold, shaded below it. A
 * difference that has a sign is drawn around 0 with a threshold on each side.
 *
 * @param id - Of the drawing, for `repeatedPlot`.
 */
export function intervalPlot(effect: Effect, id: string): Markup {
  const title = `${describeEstimate(effect)}, interval ${describeInterval(effect)}; matters from ${describeThreshold(effect)}`;
  return frame(markup` role="img"`, markup`<title>${title}</title><g id="${id}">${pathsOf(effect)}</g>`);
}

/** The drawing with this id again, where the figures stand beside it in words. */
export function repeatedPlot(id: string): Markup {
  return frame(markup` aria-hidden="true"`, markup`<use href="#${id}"/>`);
}

/** A drawing whose figures stand beside it in words. */
export function decorativePlot(effect: Effect): Markup {
  return frame(markup` aria-hidden="true"`, pathsOf(effect));
}

function frame(attributes: Markup, content: Markup): Markup {
  return markup`<svg class="interval" viewBox="0 0 ${width} ${height}"${attributes}>${content}</svg>`;
}

function pathsOf({ measure, estimate, low, high, threshold }: Effect): Markup {
  const isSigned = measure === "share-difference";
  const reach = 1.1 * Math.max(Math.abs(low), Math.abs(high), 1.8 * threshold);
  const place = (value: number): number => {
    const share = isSigned ? (value + reach) / (2 * reach) : Math.max(value, 0) / reach;
    return Math.round(10 * (margin + share * (width - 2 * margin))) / 10;
  };
  const middle = height / 2;
  const from = place(isSigned ? -threshold : 0);
  const to = place(threshold);
  const limits = isSigned ? [from, to] : [to];
  const diamond = place(estimate);
  const length = Math.round(10 * (place(high) - place(low))) / 10;
  return markup`<path class="minor" d="M${from} 2H${to}V16H${from}z"/><path class="limit" d="${limits.map((limit) => `M${limit} 1v16`).join("")}"/><path class="range" d="M${place(low)} 5.5v7m0-3.5h${length}m0-3.5v7"/><path class="point" d="M${diamond} ${middle - 4}l4 4-4 4-4-4z"/>`;
}
