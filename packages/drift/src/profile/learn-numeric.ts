import { QuantileCells } from "@mlops/stats";
import type { NumericLayout } from "./numeric-counter.ts";

/** The values to learn from, and how many rows each stands for. */
export interface LearnedFrom {
  readonly values: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/**
 * The cells, center and spread of a reference's numbers. Edges between values are rounded to single
 * precision where that keeps their order: any place near a quantile will do, and they are stored in
 * half the bytes.
 */
export function learnNumeric({ values, weights }: LearnedFrom, maxCells?: number): NumericLayout {
  const learned = QuantileCells.learn(values, {
    ...(maxCells === undefined ? {} : { maxCells }),
    ...(weights === undefined ? {} : { weights }),
  });
  const cells = new QuantileCells(roundedEdges(learned));
  const { edges } = learned;
  const edgeAt = (share: number): number => edges[Math.floor(share * (edges.length - 1))] ?? 0;
  const width = edgeAt(0.95) - edgeAt(0.05);
  const center = edgeAt(0.5);
  const spread = Number.isFinite(width) && width > 0 ? width : Math.max(Math.abs(center), Number.MIN_VALUE);
  return { cells, center, spread };
}

function roundedEdges(cells: QuantileCells): Float64Array {
  const { edges } = cells;
  const rounded = edges.slice();
  for (let index = 0; index < edges.length; index += 1) {
    const edge = Math.fround(edges[index]!);
    const isAboveLast = index === 0 || edge > rounded[index - 1]!;
    const isBelowNext = index === edges.length - 1 || edge < edges[index + 1]!;
    // An edge of a cell with a single value is where it is.
    const isOfPoint = cells.isPoint(index) || cells.isPoint(index + 1);
    if (Number.isFinite(edge) && isAboveLast && isBelowNext && !isOfPoint) rounded[index] = edge;
  }
  return rounded;
}
