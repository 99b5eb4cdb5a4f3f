import { binomialInterval, createRandom, type Random } from "@mlops/stats";

import { digestOf } from "../audit/canonical-json.ts";
import type {
  Arm,
  GuardrailCounter,
  GuardrailEvent,
  GuardrailKind,
  JudgeContext,
} from "../guardrail/guardrail.ts";
import { type Verdict, verdictStatuses } from "../guardrail/verdict.ts";
import type { StoreTestRunner } from "./describe-store.ts";

/** What a guardrail does not do as it should. */
export class GuardrailConformanceError extends Error {
  override readonly name: string = "GuardrailConformanceError";
}

/** One request of a rollout, for a test. */
export interface GuardrailSample {
  readonly arm: Arm;
  readonly event: GuardrailEvent;
  /** Whether the answer turned out to be right. Absent: nobody says. */
  readonly isCorrect?: boolean | undefined;
  /** Of a shadow: what would have been the right answer. Absent: nobody says. */
  readonly truth?: unknown;
}

/** What is tested. */
export interface DescribeGuardrailOptions {
  readonly kind: GuardrailKind;
  /** The options of a rule. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Draws a request of a candidate that is just within the limit: the worst that may not be rolled back. */
  readonly allowed: (random: Random) => GuardrailSample;
  /** Draws a request of a candidate that is far beyond it. */
  readonly broken: (random: Random) => GuardrailSample;
  /** Options that it has to refuse. Default none. */
  readonly refused?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** The stage that it is judged in. Default half of the keys, compared with the stable version. */
  readonly stage?: Pick<JudgeContext, "weight" | "control"> | undefined;
  /** Requests of a rollout, of both arms together. Default 600. */
  readonly requests?: number | undefined;
  /** Rollouts that are played to count false alarms. Default 100. */
  readonly runs?: number | undefined;
  /** Tests that do not apply, with why. One that matches no test is an error. */
  readonly skip?: readonly { readonly test: GuardrailTestName; readonly reason: string }[] | undefined;
}

/** How often a candidate within the limit may be rolled back, in the tests. */
const alpha = 0.05;
/** A rate above it by chance alone has to be this unlikely for a test to fail. */
const confidence = 0.999;

/**
 * The conformance suite of kinds of guardrails: registers a test for each thing that a rollout relies
 * on. Every built-in kind passes it.
 *
 * @example
 * ```ts no-run
 * import { describe, test } from "vitest";
 *
 * describeGuardrail("queue time", { kind: queueTimeKind, options: { limitMs: 50 }, allowed, broken }, { describe, test });
 * ```
 */
export function describeGuardrail(
  name: string,
  options: DescribeGuardrailOptions,
  { describe, test }: StoreTestRunner,
): void {
  const skipped = new Set(options.skip?.map((one) => one.test));
  for (const one of skipped) {
    if (!Object.hasOwn(checks, one))
      throw new GuardrailConformanceError(`there is no test ${JSON.stringify(one)} to skip`);
  }
  describe(name, () => {
    for (const [title, check] of Object.entries(checks) as [GuardrailTestName, Check][]) {
      if (!skipped.has(title)) test(title, async () => check(new Subject(options)));
    }
  });
}

/** The names of the suite's tests. */
export type GuardrailTestName =
  | "options are read the same each time, and are not changed"
  | "options that cannot be meant are refused"
  | "without requests there is nothing to pass, and nothing to fail"
  | "counts are JSON, and say the same when they have been sent"
  | "counts that were taken do not change when more is counted"
  | "replicas' counts together say what one that had seen all says"
  | "merging and judging change nothing that they are given, and give the same again"
  | "a verdict has a status, a reason and finite evidence"
  | "strange events break nothing, and are no reason to pass"
  | "a candidate far beyond the limit fails"
  | "a candidate just within the limit fails at most as often as stated, however often it is asked";

type Check = (subject: Subject) => void | Promise<void>;

const checks: Readonly<Record<GuardrailTestName, Check>> = {
  "options are read the same each time, and are not changed": async ({ kind, options }) => {
    const before = await digestOf(options);
    const [a, b]: unknown[] = [kind.parseOptions(options), kind.parseOptions(options)];
    assert((await digestOf(a)) === (await digestOf(b)), "the same options were read in two ways");
    assert((await digestOf(options)) === before, "reading the options changed them");
  },

  "options that cannot be meant are refused": ({ kind, refused }) => {
    for (const options of refused) {
      const error = caught(() => kind.parseOptions(options));
      const code: unknown =
        typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
      assert(
        code === "INVALID_POLICY",
        `${JSON.stringify(options)} gave ${String(error)}, and has to be refused with INVALID_POLICY`,
      );
    }
  },

  "without requests there is nothing to pass, and nothing to fail": (subject) => {
    const { status } = subject.judge(subject.count([]));
    assert(!["pass", "fail"].includes(status), `it says ${status} of nothing`);
  },

  "counts are JSON, and say the same when they have been sent": async (subject) => {
    const counts = subject.count(subject.draw(subject.allowed, 1));
    const sent: unknown = JSON.parse(JSON.stringify(counts));
    assert(
      (await digestOf(subject.judge(sent))) === (await digestOf(subject.judge(counts))),
      "counts that were sent say something else",
    );
  },

  "counts that were taken do not change when more is counted": async (subject) => {
    const counter = subject.createCounter();
    const samples = subject.draw(subject.broken, 2);
    observe(counter, samples.slice(0, 20));
    const taken = counter.counts();
    const before = await digestOf(taken);
    observe(counter, samples.slice(20));
    assert((await digestOf(taken)) === before, "what was taken before was changed");
  },

  "replicas' counts together say what one that had seen all says": async (subject) => {
    for (let seed = 0; seed < 5; seed += 1) {
      const samples = subject.draw(seed % 2 === 0 ? subject.allowed : subject.broken, seed);
      const random = createRandom(seed);
      const parts: GuardrailSample[][] = [[], [], [], []];
      for (const sample of samples) parts[Math.floor(random() * 3)]!.push(sample);
      const [a, b, c, none] = parts.map((part) => subject.count(part));
      const expected = await digestOf(subject.judge(subject.count(samples)));
      const orders = {
        "in order": subject.merge(subject.merge(a, b), c),
        "in another order": subject.merge(subject.merge(c, a), b),
        "in other pairs": subject.merge(a, subject.merge(b, c)),
        "with one that saw nothing": subject.merge(none, subject.merge(subject.merge(a, b), c)),
      };
      for (const [order, merged] of Object.entries(orders)) {
        assert(
          (await digestOf(subject.judge(merged))) === expected,
          `merged ${order}, they say something else`,
        );
      }
    }
  },

  "merging and judging change nothing that they are given, and give the same again": async (
    subject: Subject,
  ) => {
    const [a, b] = [
      subject.count(subject.draw(subject.allowed, 1)),
      subject.count(subject.draw(subject.broken, 2)),
    ];
    const before = await digestOf([a, b]);
    const merged = subject.merge(a, b);
    const first = await digestOf(subject.judge(merged));
    assert((await digestOf(subject.judge(merged))) === first, "asked again it says something else");
    assert(
      (await digestOf(subject.judge(subject.merge(a, b)))) === first,
      "merged again they say something else",
    );
    assert((await digestOf([a, b])) === before, "the counts were changed");
  },

  "a verdict has a status, a reason and finite evidence": (subject) => {
    for (const draw of [subject.allowed, subject.broken]) {
      for (const length of [0, 1, 2, 10, 100]) {
        assertVerdict(subject.judge(subject.count(subject.draw(draw, length).slice(0, length))));
      }
    }
  },

  "strange events break nothing, and are no reason to pass": (subject) => {
    const counter = subject.createCounter();
    const strange: GuardrailEvent[] = [NaN, Infinity, -Infinity].flatMap((totalMs) => [
      { outcome: "failure", totalMs, error: { code: "BACKEND_FAILED" } },
      { outcome: "failure", totalMs, error: { code: "__proto__" } },
      { outcome: "failure", totalMs },
    ]);
    for (let round = 0; round < 100; round += 1) {
      for (const event of strange) counter.observe(event, "candidate");
    }
    const verdict = subject.judge(counter.counts());
    assertVerdict(verdict);
    assert(verdict.status !== "pass", `it passes on failures without a time: ${verdict.reason}`);
    const outputs: unknown[] = [
      undefined,
      null,
      NaN,
      "",
      "__proto__",
      [],
      {},
      Object.create(null),
      10n,
      () => {},
    ];
    for (const output of outputs) {
      for (const arm of ["candidate", "control"] as const) {
        counter.observe({ outcome: "success", totalMs: 1, output, live: output }, arm);
        counter.observe({ outcome: "success", totalMs: 1, output }, arm);
      }
      for (const truth of outputs) counter.observeTruth?.({ output, live: output, truth });
    }
    assertVerdict(subject.judge(counter.counts()));
  },

  "a candidate far beyond the limit fails": (subject) => {
    const { status, reason } = subject.judge(subject.count(subject.draw(subject.broken, 3)));
    assert(status === "fail", `it says ${status} of it: ${reason}`);
  },

  "a candidate just within the limit fails at most as often as stated, however often it is asked": (
    subject: Subject,
  ) => {
    let alarms = 0;
    for (let run = 0; run < subject.runs; run += 1) {
      const counter = subject.createCounter();
      const samples = subject.draw(subject.allowed, 1_000 + run);
      const hasFailed = samples.some((sample, index) => {
        observe(counter, [sample]);
        // Every request in the beginning, where verdicts are the most uncertain.
        return (index < 10 || index % 40 === 0) && subject.judge(counter.counts()).status === "fail";
      });
      alarms += Number(hasFailed);
    }
    const { lower } = binomialInterval({ successes: alarms, trials: subject.runs }, { confidence });
    assert(lower <= alpha, `it failed in ${alarms} of ${subject.runs} rollouts, and may in ${alpha * 100} %`);
  },
};

/** The guardrail under test, with its options. */
class Subject {
  readonly kind: GuardrailKind;
  readonly options: Readonly<Record<string, unknown>>;
  readonly refused: readonly Readonly<Record<string, unknown>>[];
  readonly allowed: (random: Random) => GuardrailSample;
  readonly broken: (random: Random) => GuardrailSample;
  readonly runs: number;
  readonly #requests: number;
  readonly #context: JudgeContext;
  readonly #parsed: unknown;

  constructor(described: DescribeGuardrailOptions) {
    const { stage = { weight: 0.5, control: "stable" } } = described;
    this.kind = described.kind;
    this.options = described.options;
    this.refused = described.refused ?? [];
    this.allowed = described.allowed;
    this.broken = described.broken;
    this.runs = described.runs ?? 100;
    this.#requests = described.requests ?? 600;
    this.#context = { failAlpha: alpha, passAlpha: alpha, ...stage };
    this.#parsed = this.kind.parseOptions(this.options);
  }

  draw(draw: (random: Random) => GuardrailSample, seed: number): GuardrailSample[] {
    const random = createRandom(seed);
    return Array.from({ length: this.#requests }, () => draw(random));
  }

  createCounter(): GuardrailCounter {
    return this.kind.createCounter(this.#parsed);
  }

  count(samples: readonly GuardrailSample[]): unknown {
    const counter = this.createCounter();
    observe(counter, samples);
    return counter.counts();
  }

  merge(a: unknown, b: unknown): unknown {
    return this.kind.merge(a, b, this.#parsed);
  }

  judge(counts: unknown): Verdict {
    return this.kind.judge(counts, this.#parsed, this.#context);
  }
}

function observe(counter: GuardrailCounter, samples: readonly GuardrailSample[]): void {
  for (const { event, arm, isCorrect, truth } of samples) {
    counter.observe(event, arm);
    if (isCorrect !== undefined) counter.observeQuality?.(isCorrect, arm);
    if (truth !== undefined) counter.observeTruth?.({ output: event.output, live: event.live, truth });
  }
}

function assertVerdict({ status, reason, evidence }: Verdict): void {
  assert(verdictStatuses.includes(status), `${JSON.stringify(status)} is no status`);
  assert(typeof reason === "string" && reason.length > 0, "there is no reason");
  assert(evidence.samples >= 0, `it judged ${evidence.samples} requests`);
  for (const [name, value] of Object.entries(evidence)) {
    const isFine =
      typeof value === "number" ? Number.isFinite(value) : ["string", "undefined"].includes(typeof value);
    assert(isFine, `evidence.${name} is ${String(value)}, which JSON cannot hold`);
  }
}

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return "no error";
}

function assert(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new GuardrailConformanceError(problem);
}
