import { asymptoticMeanSequence } from "@mlops/stats";
import { z } from "zod";

import { InvalidPolicyError } from "../../errors/invalid-policy-error.ts";
import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import { type DistanceName, estimateDistance } from "../distribution-distance.ts";
import type { Arm, GuardrailKind, JudgeContext } from "../guardrail.ts";
import { noData } from "../judge-share.ts";
import { cellOf, type OutputCells, outputCellsSchema } from "../output-cells.ts";
import { parseGuardrailOptions } from "../parse-options.ts";
import type { Verdict } from "../verdict.ts";

/** Options of {@link outputDistribution}. */
export interface OutputDistributionOptions {
  /** How an output becomes one of some cells: by its class, its score, or its distance from a centre. */
  readonly cells: OutputCells;
  /** Default `jensen-shannon`, which is never more than ln 2. */
  readonly distance?: DistanceName | undefined;
  /** What the distance may be at most, in nats. Default 0.05 for `jensen-shannon`, 0.2 for `kullback-leibler`. */
  readonly limit?: number | undefined;
  /** The shares to compare with, by cell, such as those of the training data. Default what the stable version gives in the same stage. */
  readonly reference?: Readonly<Record<string, number>> | undefined;
  /** How many requests per cell each side needs before it is judged. Default 10. */
  readonly minimumPerCell?: number | undefined;
}

interface ParsedOptions extends OutputDistributionOptions {
  readonly distance: DistanceName;
  readonly limit: number;
  readonly minimumPerCell: number;
}

/** Requests by cell, for each arm. */
export type CellCounts = Readonly<Record<Arm, Readonly<Record<string, number>>>>;

const schema: z.ZodType<ParsedOptions> = z
  .strictObject({
    cells: outputCellsSchema,
    distance: z.enum(["jensen-shannon", "kullback-leibler"]).default("jensen-shannon"),
    limit: z.number().gt(0).optional(),
    reference: z.record(z.string().max(256), z.number().min(0)).optional(),
    minimumPerCell: z.number().min(1).default(10),
  })
  .transform((options) => ({
    ...options,
    limit: options.limit ?? (options.distance === "jensen-shannon" ? 0.05 : 0.2),
  }));

/** More cells than this are one: `other`. */
const maxCells = 256;
/** The cell of what fits no other. A class of that name is in it, too. */
const otherCell = "other";

/**
 * How far the candidate's outputs are spread otherwise than the stable version's, or than a known
 * distribution.
 *
 * Cells in which fewer than `minimumPerCell` requests are expected are pooled; the distance is
 * freed of its bias and judged by an asymptotic confidence sequence, so that it may be looked at
 * after every request. Before both sides have `minimumPerCell` requests a cell there is no data: a
 * bare "KL > 0.2" fires on half of all looks at identical models there.
 */
export const outputDistributionKind: GuardrailKind<ParsedOptions, CellCounts> = {
  kind: "output-distribution",
  parseOptions(options) {
    const parsed = parseGuardrailOptions("output-distribution", schema, options);
    const { reference } = parsed;
    if (reference !== undefined && !(Object.values(reference).reduce((sum, share) => sum + share, 0) > 0)) {
      throw new InvalidPolicyError({
        field: "the output-distribution guardrail's options.reference",
        problem: "has no share above 0",
      });
    }
    return parsed;
  },
  createCounter({ cells }) {
    const counts: Record<Arm, Map<string, number>> = { candidate: new Map(), control: new Map() };
    return {
      observe({ outcome, output }, arm) {
        if (outcome === "failure") return;
        const cell = cellOf(output, cells);
        const counted = counts[arm];
        const known = counted.get(cell);
        if (known !== undefined) counted.set(cell, known + 1);
        else if (counted.size < maxCells) counted.set(cell, 1);
        else counted.set(otherCell, (counted.get(otherCell) ?? 0) + 1);
      },
      counts: () => ({
        candidate: Object.fromEntries(counts.candidate),
        control: Object.fromEntries(counts.control),
      }),
    };
  },
  merge: (a, b) => ({
    candidate: addCells(a.candidate, b.candidate),
    control: addCells(a.control, b.control),
  }),
  judge: judgeDistribution,
};

function addCells(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = new Map(Object.entries(a));
  for (const [cell, count] of Object.entries(b)) sums.set(cell, (sums.get(cell) ?? 0) + count);
  return Object.fromEntries(sums);
}

function judgeDistribution(counts: CellCounts, options: ParsedOptions, context: JudgeContext): Verdict {
  const { distance, limit, reference, minimumPerCell } = options;
  const samples = totalOf(counts.candidate);
  const others = reference ?? counts.control;
  const controlSamples = reference === undefined ? totalOf(others) : Infinity;
  const fewer = Math.min(samples, controlSamples);
  if (fewer === 0)
    return noData(`${samples === 0 ? "the candidate" : "the control"} has given no output yet`, samples);

  const [p, q] = poolCells(counts.candidate, others, minimumPerCell / fewer);
  const needed = minimumPerCell * Math.max(2, p.length);
  const sizes = { samples, ...(reference === undefined && { controlSamples }) };
  if (fewer < needed) {
    const reason = `${fewer} outputs, and ${needed} are needed for ${p.length} cells`;
    return { status: "no-data", reason, evidence: sizes };
  }
  const { estimate, variance } = estimateDistance(distance, p, q, reference !== undefined);
  // As of a mean of `samples` values with that variance.
  const summary = {
    count: samples,
    mean: estimate,
    variance: Math.max(variance * samples, Number.MIN_VALUE),
  };
  const { lower } = asymptoticMeanSequence(summary, { alpha: Math.min(2 * context.failAlpha, 0.5) });
  const { upper } = asymptoticMeanSequence(summary, { alpha: Math.min(2 * context.passAlpha, 0.5) });
  const evidence = { ...sizes, estimate, low: lower, high: upper, limit, unit: "nats" };
  const reason = `the ${distance} divergence of the outputs is ${nats(estimate)} (at least ${nats(lower)}, at most ${nats(upper)}) over ${p.length} cells, and ${nats(limit)} is allowed`;
  if (lower > limit) return { status: "fail", reason, evidence };
  return { status: upper <= limit ? "pass" : "inconclusive", reason, evidence };
}

/** The counts of the cells in which enough requests are expected, and of all others together, in one order. */
function poolCells(
  p: Readonly<Record<string, number>>,
  q: Readonly<Record<string, number>>,
  minimumShare: number,
): [p: number[], q: number[]] {
  const [totalP, totalQ] = [totalOf(p), totalOf(q)];
  const names = [...new Set([...Object.keys(p), ...Object.keys(q)])].sort();
  const pooled: [number[], number[]] = [[], []];
  let [restP, restQ] = [0, 0];
  for (const name of names) {
    const [ofP, ofQ] = [ownCount(p, name), ownCount(q, name)];
    const expected = (ofP / totalP + ofQ / totalQ) / 2;
    if (expected < minimumShare || name === otherCell) {
      restP += ofP;
      restQ += ofQ;
    } else {
      pooled[0].push(ofP);
      pooled[1].push(ofQ);
    }
  }
  if (restP + restQ > 0 || pooled[0].length < 2) {
    pooled[0].push(restP);
    pooled[1].push(restQ);
  }
  return pooled;
}

function ownCount(counts: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(counts, name) ? counts[name]! : 0;
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function nats(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Rolls back when the candidate's outputs are spread otherwise. */
export function outputDistribution(options: OutputDistributionOptions): GuardrailDefinition {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const stages = options.reference === undefined ? "compared" : "all";
  return {
    name: "output distribution",
    kind: "output-distribution",
    options: Object.fromEntries(given),
    stages,
  };
}
