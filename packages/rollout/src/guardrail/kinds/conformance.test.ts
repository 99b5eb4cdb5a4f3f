import type { Random } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import {
  describeGuardrail,
  type DescribeGuardrailOptions,
  type GuardrailSample,
} from "../../testing/index.ts";
import { builtInGuardrails } from "../built-in-guardrails.ts";
import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import type { Arm, GuardrailKind } from "../guardrail.ts";
import { agreement, agreementKind } from "./agreement.ts";
import { errorRate, errorRateKind } from "./error-rate.ts";
import { externalGuardrail } from "./external.ts";
import { answered, failed } from "./kinds.fixtures.ts";
import { latency, latencyKind } from "./latency.ts";
import { outputDistribution, outputDistributionKind } from "./output-distribution.ts";
import { pairedKind, pairedTruth, pairedValue } from "./paired.ts";
import { quality, qualityKind } from "./quality.ts";
import { sampleRatio, sampleRatioKind } from "./sample-ratio.ts";

const armOf = (random: Random, share = 0.5): Arm => (random() < share ? "candidate" : "control");

/** Requests of which the candidate's are bad by one chance, and the control's by another. */
function bad(
  ofCandidate: number,
  ofControl: number,
  sample: (isBad: boolean) => Omit<GuardrailSample, "arm">,
): (random: Random) => GuardrailSample {
  return (random) => {
    const arm = armOf(random);
    return { arm, ...sample(random() < (arm === "candidate" ? ofCandidate : ofControl)) };
  };
}

const slow = (isSlow: boolean) => ({ event: answered({ totalMs: isSlow ? 501 : 500 }) });
const failing = (fails: boolean) => ({ event: fails ? failed("BACKEND_FAILED") : answered() });
const wrong = (isWrong: boolean) => ({ event: answered(), isCorrect: !isWrong });
const disagreeing = (isOther: boolean) => ({ event: answered({ output: isOther ? "b" : "a", live: "a" }) });
const labelled = (isJoy: boolean) => ({ event: answered({ output: isJoy ? "joy" : "anger" }) });
const split =
  (share: number) =>
  (random: Random): GuardrailSample => ({ arm: armOf(random, share), event: answered() });

/** Pairs in which the versions differ by these chances, one way or the other; `undefined`: alike. */
const paired =
  (against: number, inFavour: number, sample: (isAgainst: boolean | undefined) => Partial<GuardrailSample>) =>
  (random: Random): GuardrailSample => {
    const place = random();
    const isAgainst = place < against ? true : place < against + inFavour ? false : undefined;
    return { arm: "candidate", event: answered(), ...sample(isAgainst) };
  };
const larger = (isLarger: boolean | undefined): Partial<GuardrailSample> => ({
  event: answered({
    output: { price: isLarger === undefined ? 10 : isLarger ? 11 : 9 },
    live: { price: 10 },
  }),
});
const lessRight = (isLessRight: boolean | undefined): Partial<GuardrailSample> => ({
  event: answered({ output: isLessRight === true ? "b" : "a", live: isLessRight === false ? "b" : "a" }),
  truth: "a",
});

const described: readonly [string, GuardrailDefinition, Omit<DescribeGuardrailOptions, "options">][] = [
  [
    "latency against a limit",
    latency({ percentile: 95, limitMs: 500 }),
    {
      kind: latencyKind,
      allowed: bad(0.05, 0, slow),
      broken: bad(0.3, 0, slow),
      refused: [{}, { limitMs: 0 }, { limitMs: 500, percentile: 100 }, { limitMs: 500, limit: 1 }],
    },
  ],
  [
    "latency against the control",
    latency({ percentile: 95, limitMs: 500, tolerance: 0.05 }),
    { kind: latencyKind, allowed: bad(0.15, 0.1, slow), broken: bad(0.6, 0.1, slow) },
  ],
  [
    "error rate against a limit",
    errorRate({ limit: 0.05 }),
    {
      kind: errorRateKind,
      allowed: bad(0.05, 0, failing),
      broken: bad(0.3, 0, failing),
      refused: [{}, { limit: 1 }, { limit: 0.1, tolerance: 0.1 }, { limit: NaN }],
    },
  ],
  [
    "error rate against the control",
    errorRate({ tolerance: 0.02 }),
    { kind: errorRateKind, allowed: bad(0.05, 0.03, failing), broken: bad(0.5, 0.03, failing) },
  ],
  [
    "quality",
    quality({ minimum: 0.9 }),
    { kind: qualityKind, allowed: bad(0.1, 0, wrong), broken: bad(0.5, 0, wrong), refused: [{ minimum: 0 }] },
  ],
  [
    "agreement",
    agreement({ limit: 0.05 }),
    {
      kind: agreementKind,
      allowed: bad(0.05, 0.5, disagreeing),
      broken: bad(0.4, 0, disagreeing),
      refused: [{ limit: 1 }],
      stage: { weight: 0, control: "stable" },
    },
  ],
  [
    "output distribution against the control",
    outputDistribution({ cells: { by: "class" } }),
    {
      kind: outputDistributionKind,
      // A Jensen-Shannon divergence of 0.05 nats.
      allowed: bad(0.6552, 0.35, labelled),
      broken: bad(0.95, 0.1, labelled),
      refused: [{ cells: { by: "score", edges: [2, 1] } }, { cells: { by: "class" }, reference: {} }],
    },
  ],
  [
    "output distribution against a reference",
    outputDistribution({
      cells: { by: "class" },
      distance: "kullback-leibler",
      reference: { joy: 0.5, anger: 0.5 },
    }),
    {
      kind: outputDistributionKind,
      // A Kullback-Leibler divergence of 0.2 nats.
      allowed: bad(0.8061, 0, labelled),
      broken: bad(0.99, 0, labelled),
    },
  ],
  [
    "paired truth",
    pairedTruth({ tolerance: 0.05 }),
    {
      kind: pairedKind,
      allowed: paired(0.2, 0.15, lessRight),
      broken: paired(0.4, 0.1, lessRight),
      refused: [{ by: "truth" }, { by: "luck", tolerance: 0.1 }, { by: "truth", tolerance: 1 }],
      stage: { weight: 0, control: "stable" },
    },
  ],
  [
    "paired value",
    pairedValue({ field: "price", tolerance: 0.1 }),
    {
      kind: pairedKind,
      allowed: paired(0.25, 0.35, larger),
      broken: paired(0.1, 0.6, larger),
      stage: { weight: 0, control: "stable" },
    },
  ],
  [
    "sample ratio",
    sampleRatio(),
    { kind: sampleRatioKind, allowed: split(0.5), broken: split(0.7), refused: [{ limit: 1 }] },
  ],
];

for (const [name, { options = {} }, rest] of described) {
  describeGuardrail(name, { options, ...rest }, { describe, test });
}

// Its verdicts are the source's own, and so is what they rest on.
describeGuardrail(
  "an external guardrail",
  {
    kind: externalGuardrail("drift", {
      judge: () => ({ status: "fail", reason: "drift", evidence: { samples: 7 } }),
    }),
    options: {},
    allowed: split(0.5),
    broken: split(0.5),
    skip: [
      {
        test: "without requests there is nothing to pass, and nothing to fail",
        reason: "the source counts for itself",
      },
      {
        test: "replicas' counts together say what one that had seen all says",
        reason: "each replica has its own source",
      },
      {
        test: "a candidate just within the limit fails at most as often as stated, however often it is asked",
        reason: "the rate is the source's own",
      },
    ],
  },
  { describe, test },
);

test("every kind that there is is held to the suite", () => {
  const kinds = new Set(described.map(([, , { kind }]) => kind.kind));
  expect([...kinds].sort()).toEqual([...builtInGuardrails, pairedKind].map(({ kind }) => kind).sort());
});

describe("the suite", () => {
  /** Runs it, and gives the names of the tests that failed. */
  async function failuresOf(kind: GuardrailKind): Promise<string[]> {
    const failures: string[] = [];
    const running: Promise<void>[] = [];
    describeGuardrail(
      "broken",
      {
        kind,
        options: { limit: 0.05 },
        allowed: bad(0.05, 0, failing),
        broken: bad(0.3, 0, failing),
        refused: [{ limit: 2 }],
        runs: 40,
        requests: 400,
      },
      {
        describe: (_, body) => body(),
        test: (name, body) => running.push(body().catch(() => void failures.push(name))),
      },
    );
    await Promise.all(running);
    return failures;
  }

  test("has nothing against the error rate", async () => {
    expect(await failuresOf(errorRateKind as GuardrailKind)).toEqual([]);
  });

  const base = errorRateKind as GuardrailKind;
  const sameCounts = { candidate: { trials: 0, events: 0 }, control: { trials: 0, events: 0 } };
  test.each<[string, Partial<GuardrailKind>]>([
    [
      "options are read the same each time",
      { parseOptions: (options) => ({ ...options, at: Math.random() }) },
    ],
    ["options that cannot be meant", { parseOptions: (options) => options }],
    ["without requests", { judge: () => ({ status: "pass", reason: "why not", evidence: { samples: 0 } }) }],
    [
      "counts are JSON",
      {
        createCounter: () => ({ observe() {}, counts: () => new Map([["trials", 1]]) }),
        judge: (counts) => ({ status: "fail", reason: String(counts), evidence: { samples: 0 } }),
      },
    ],
    [
      "counts that were taken do not change",
      {
        createCounter() {
          const counts = structuredClone(sameCounts);
          return {
            observe: (event, arm) => {
              counts[arm].trials += 1;
              counts[arm].events += Number(event.outcome === "failure");
            },
            counts: () => counts,
          };
        },
      },
    ],
    ["replicas' counts together", { merge: (a) => a }],
    [
      "merging and judging change nothing",
      {
        merge(a, b, options) {
          const merged = base.merge(a, b, options);
          Object.assign(a as object, merged);
          return merged;
        },
      },
    ],
    [
      "a verdict has a status",
      { judge: () => ({ status: "inconclusive", reason: "", evidence: { samples: NaN } }) },
    ],
    [
      "strange events",
      { judge: (counts, options, context) => ({ ...base.judge(counts, options, context), status: "pass" }) },
    ],
    [
      "a candidate far beyond",
      { judge: () => ({ status: "inconclusive", reason: "never sure", evidence: { samples: 1 } }) },
    ],
    [
      "a candidate just within",
      {
        judge(counts, options, context) {
          const { candidate } = counts as typeof sameCounts;
          const isAbove = candidate.events / candidate.trials > 0.05;
          return candidate.trials === 0
            ? base.judge(counts, options, context)
            : {
                status: isAbove ? "fail" : "pass",
                reason: "a bare number",
                evidence: { samples: candidate.trials },
              };
        },
      },
    ],
  ])("finds what is wrong: %s", async (name, fault) => {
    expect((await failuresOf({ ...base, ...fault })).filter((title) => title.startsWith(name))).toHaveLength(
      1,
    );
  });

  test("takes no skip that matches nothing", () => {
    const skip = [{ test: "a test that there is not" as never, reason: "none" }];
    expect(() =>
      describeGuardrail(
        "x",
        { kind: base, options: {}, allowed: split(1), broken: split(1), skip },
        { describe, test },
      ),
    ).toThrow("there is no test");
  });
});
