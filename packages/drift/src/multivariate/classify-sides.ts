import { createRandom, monteCarloPValue, normalUpperQuantile, rocAuc } from "@mlops/stats";
import type { FeatureMatrix } from "./feature-matrix.ts";
import { fitLogistic, scoreOf } from "./logistic-regression.ts";

/** How well the two sides can be told apart. */
export interface SideClassification {
  /** Of rows that were not learned from; 0.5 is chance. */
  readonly auc: number;
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
  /** Mean weight of each feature, in the order of the matrix: above 0 where it speaks for the current side. */
  readonly weights: Float64Array;
}

/**
 * Learns to tell the sides apart from one half of the rows, and tests it on the other, then the other way
 * round.
 *
 * The rows of a half have nothing to do with what was learned from the other half, so without a
 * change their labels can be dealt anew: the p-value of each half's AUC is exact, by permutation
 * (Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", ICLR 2017). The smaller of the
 * two, doubled, is the result's.
 */
export function classifySides(
  matrix: FeatureMatrix,
  labels: Uint8Array,
  { seed, confidence, level }: { readonly seed: number; readonly confidence: number; readonly level: number },
): SideClassification {
  const random = createRandom(seed);
  const halves = splitInHalves(labels, (rows) => random.shuffle(rows));
  const weights = new Float64Array(matrix.names.length);
  const tested = [0, 1].map((half) => {
    const learned = fitLogistic(matrix, halves[half]!, labels);
    for (let index = 0; index < weights.length; index += 1) weights[index]! += learned[index]! / 2;
    const rows = halves[1 - half]!;
    const scores = Float64Array.from(rows, (row) => scoreOf(matrix, row, learned));
    const own = Uint8Array.from(rows, (row) => labels[row]!);
    const { value, standardError } = rocAuc(own, scores, { confidence });
    const resamples = Math.min(Math.max(Math.ceil(40 / level), 999), 9_999);
    return { auc: value, standardError, pValue: permutationPValue(scores, own, random, resamples) };
  });
  const [one, two] = tested;
  const auc = (one!.auc + two!.auc) / 2;
  const margin = z(confidence) * (Math.hypot(one!.standardError, two!.standardError) / 2);
  return {
    auc,
    low: Math.max(auc - margin, 0),
    high: Math.min(auc + margin, 1),
    pValue: Math.min(2 * Math.min(one!.pValue, two!.pValue), 1),
    weights,
  };
}

/** Each side's rows in random order, every second one in either half. */
function splitInHalves(labels: Uint8Array, shuffle: (rows: number[]) => number[]): Uint32Array[] {
  const halves: number[][] = [[], []];
  for (const side of [0, 1]) {
    const rows = shuffle(Array.from(labels, (_, row) => row).filter((row) => labels[row] === side));
    for (const [place, row] of rows.entries()) halves[place % 2]!.push(row);
  }
  return halves.map((rows) => Uint32Array.from(rows));
}

/** One-sided: only rows that are told apart in the learned direction count. */
function permutationPValue(
  scores: Float64Array,
  labels: Uint8Array,
  random: ReturnType<typeof createRandom>,
  resamples: number,
): number {
  const ranks = midranks(scores);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const sumOf = (dealt: Float64Array, count: number): number => {
    let sum = 0;
    for (let place = 0; place < count; place += 1) sum += dealt[place]!;
    return sum;
  };
  let observed = 0;
  for (const [row, label] of labels.entries()) if (label === 1) observed += ranks[row]!;
  const dealt = ranks.slice();
  const draw = (): number => {
    // The first of a shuffled deck; only they have to be drawn.
    for (let place = 0; place < positives; place += 1) {
      const other = place + random.integer(dealt.length - place);
      const held = dealt[place]!;
      dealt[place] = dealt[other]!;
      dealt[other] = held;
    }
    return sumOf(dealt, positives);
  };
  return monteCarloPValue(observed, draw, { resamples, stopAfter: 20 }).pValue;
}

function midranks(scores: Float64Array): Float64Array {
  const order = Array.from(scores, (_, row) => row).sort((left, right) => scores[left]! - scores[right]!);
  const ranks = new Float64Array(scores.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end += 1;
    for (let place = start; place < end; place += 1) ranks[order[place]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

function z(confidence: number): number {
  return normalUpperQuantile((1 - confidence) / 2);
}
