import { type CombineContext, forMembers, weighing, type WeightOptions } from "./combiner.ts";

/** What can be voted for. */
export type Label = string | number | boolean | bigint;

/** Lets the outputs of an ensemble's members vote, when the outputs are the labels. */
export type LabelVote = <L extends Label>(outputs: readonly L[], context?: CombineContext) => L;

/** Lets the outputs of an ensemble's members vote, each for the label that it names. */
export type OutputVote<Output, L extends Label> = (outputs: readonly Output[], context?: CombineContext) => L;

/** How an output names its label. */
export interface LabelOption<Output, L extends Label> {
  readonly label: (output: Output) => L;
}

/** Sums closer than this fraction of all weights are a tie, so that rounding decides nothing. */
const tieFraction = 1e-12;

/** Votes with one vote for each member. */
export function majorityVote(): LabelVote;
/**
 * The label that most members name: `y = argmax_k Σ_m 1[f_m(x) = k]`. It needs no majority over
 * half. Of labels with as many votes the first wins: the smallest number, the first string by
 * UTF-16 code units, `false` before `true`. So the order of the members never matters.
 *
 * @example
 * ```ts
 * majorityVote()(["cat", "dog", "cat"]); // "cat"
 * majorityVote()(["dog", "cat"]); // "cat", the first of equals
 * ```
 */
export function majorityVote<Output, L extends Label>(options: LabelOption<Output, L>): OutputVote<Output, L>;
export function majorityVote<Output, L extends Label>(
  options?: LabelOption<Output, L>,
): LabelVote | OutputVote<Output, L> {
  return options === undefined ? voteOverLabels({}) : voteOverOutputs(options);
}

/** Votes with the weight of each member. */
export function weightedVote(options: WeightOptions): LabelVote;
/**
 * The label with the most weight behind it: `y = argmax_k Σ_m w_m 1[f_m(x) = k]`. Ties are decided
 * as in {@link majorityVote}; sums that differ by no more than 1e-12 of all weights are a tie.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a weight is not finite or not above 0.
 *
 * @example
 * ```ts
 * weightedVote({ weights: [3, 1, 1] })(["cat", "dog", "dog"]); // "cat"
 * ```
 */
export function weightedVote<Output, L extends Label>(
  options: WeightOptions & LabelOption<Output, L>,
): OutputVote<Output, L>;
export function weightedVote<Output, L extends Label>(
  options: WeightOptions & Partial<LabelOption<Output, L>>,
): LabelVote | OutputVote<Output, L> {
  const { weights, label } = options;
  return label === undefined ? voteOverLabels({ weights }) : voteOverOutputs({ weights, label });
}

function voteOverLabels(options: WeightOptions): LabelVote {
  const weigh = weighing(options);
  return forMembers(
    <L extends Label>(outputs: readonly L[], context?: CombineContext): L =>
      elect(outputs, weigh(outputs.length, context)),
    options,
  );
}

function voteOverOutputs<Output, L extends Label>({
  label,
  ...options
}: WeightOptions & LabelOption<Output, L>): OutputVote<Output, L> {
  const weigh = weighing(options);
  return forMembers(
    (outputs: readonly Output[], context?: CombineContext): L =>
      elect(
        outputs.map((output) => label(output)),
        weigh(outputs.length, context),
      ),
    options,
  );
}

function elect<L extends Label>(labels: readonly L[], weights: readonly number[]): L {
  const votes = new Map<L, number>();
  let total = 0;
  for (const [index, label] of labels.entries()) {
    const weight = weights[index]!;
    votes.set(label, (votes.get(label) ?? 0) + weight);
    total += weight;
  }
  const most = Math.max(...votes.values());
  const winners = [...votes.keys()].filter((label) => votes.get(label)! >= most - tieFraction * total);
  if (winners.length === 0) throw new RangeError("there are no outputs to vote");
  return winners.reduce((first, label) => (isBefore(label, first) ? label : first));
}

function isBefore(a: Label, b: Label): boolean {
  return typeof a === typeof b ? a < b : typeof a < typeof b;
}
