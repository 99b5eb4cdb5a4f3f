import fc from "fast-check";
import { expect, test } from "vitest";

import { errorRate } from "../../guardrail/kinds/error-rate.ts";
import { type VerdictStatus, verdictStatuses } from "../../guardrail/verdict.ts";
import { shareOf } from "../../experiment/metrics.ts";
import { abTest } from "../../experiment/strategies.ts";
import { parsePolicy } from "../../policy/policy-schema.ts";
import { verdictOf } from "../rollout.fixtures.ts";
import { initialState, type ExperimentFindings } from "../state.ts";
import { step } from "../step.ts";

const policy = abTest({
  seed: "laws",
  variants: { b: 0.3, c: 0.3 },
  metric: shareOf("bought", { attributionMs: 1_000 }),
  guardrails: [errorRate({ limit: 0.05 })],
  tickMs: 1_000,
  holdMs: 5_000,
});

interface Look {
  readonly sampleRatio: VerdictStatus;
  readonly outcomes: readonly [VerdictStatus, VerdictStatus];
  readonly guardrails: readonly [VerdictStatus, VerdictStatus];
  readonly isHeard: boolean;
  readonly samples: number;
  readonly isApproved: boolean;
}

const status = fc.constantFrom(...verdictStatuses, "pass", "inconclusive");
const look: fc.Arbitrary<Look> = fc.record({
  sampleRatio: fc.constantFrom("pass", "pass", "pass", "pass", "no-data", "fail"),
  outcomes: fc.tuple(status, status),
  guardrails: fc.tuple(status, status),
  isHeard: fc.boolean(),
  samples: fc.constantFrom(10, 100, 1_000),
  isApproved: fc.boolean(),
});

test("law: who is promoted was better for certain, passed by its guardrail on enough requests, approved and held", () => {
  let promoted = 0;
  fc.assert(
    fc.property(fc.array(look, { minLength: 5, maxLength: 25 }), (looks) => {
      let now = 0;
      let { state } = step(initialState("a"), { type: "start", actor: "ada", candidate: "b", policy }, now);
      let last: Look | undefined;
      for (const next of looks) {
        const { run } = state;
        if (run === null) break;
        now += 1_000;
        last = next;
        const findings: ExperimentFindings = {
          sampleRatio: verdictOf(next.sampleRatio),
          variants: ["b", "c"].map((version, arm) => ({ version, verdict: verdictOf(next.outcomes[arm]!) })),
        };
        const verdicts = Object.fromEntries(
          policy.guardrails.map(({ name }, arm) => [name, verdictOf(next.guardrails[arm]!, next.samples)]),
        );
        const { stageRevision } = run;
        const heard = next.isHeard ? { findings } : {};
        state = step(state, { type: "tick", actor: "r", stageRevision, verdicts, ...heard }, now).state;
        if (next.isApproved && state.run?.phase === "awaiting-approval") {
          state = step(state, { type: "approve", actor: "bob", stageRevision }, now).state;
        }
      }
      if (state.stable === "a") return;
      promoted += 1;
      const arm = ["b", "c"].indexOf(state.stable!);
      expect(last).toMatchObject({
        isHeard: true,
        isApproved: true,
        sampleRatio: expect.not.stringMatching("fail"),
      });
      expect([last!.outcomes[arm], last!.guardrails[arm]]).toEqual(["pass", "pass"]);
      expect(last!.samples).toBeGreaterThanOrEqual(100);
      expect(now).toBeGreaterThanOrEqual(5_000);
    }),
    { seed: 5, numRuns: 2_000 },
  );
  // A law of promotions says nothing where there are none.
  expect(promoted).toBeGreaterThan(20);
});

test("an approval is for the version that led: one that took its place needs its own", () => {
  const two = parsePolicy({
    ...policy,
    stages: [{ ...policy.stages[0]!, approvals: 2, holdMs: 0 }],
    guardrails: [],
    unguarded: true,
  });
  let { state } = step(initialState("a"), { type: "start", actor: "ada", candidate: "b", policy: two }, 0);
  const { stageRevision } = state.run!;
  const tick = (now: number, winner: string): void => {
    const variants = ["b", "c"].map((version) => ({
      version,
      verdict: verdictOf(version === winner ? "pass" : "inconclusive"),
    }));
    const findings = { sampleRatio: verdictOf("pass"), variants };
    state = step(state, { type: "tick", actor: "r", stageRevision, verdicts: {}, findings }, now).state;
  };
  const approve = (actor: string, version: string): void => {
    state = step(state, { type: "approve", actor, stageRevision, version }, 0).state;
  };
  tick(1_000, "b");
  approve("bob", "b");
  tick(2_000, "c");
  expect(state.run).toMatchObject({ candidate: "c", phase: "awaiting-approval", approvedBy: [] });
  expect(() => approve("eve", "b")).toThrow("does not lead any more");
  approve("eve", "c");
  expect(state.stable).toBe("a");
  approve("bob", "c");
  expect(state.stable).toBe("c");
});

test("outcomes that cannot be read end an experiment in its time too, but give up no winner", () => {
  const limited = abTest({
    seed: "laws",
    variants: { b: 0.5 },
    metric: shareOf("bought", { attributionMs: 1_000 }),
    guardrails: [errorRate({ limit: 0.05 })],
    deadlineMs: 5_000,
    tickMs: 1_000,
  });
  const play = (heardAt: (now: number) => VerdictStatus | undefined) => {
    let { state } = step(
      initialState("a"),
      { type: "start", actor: "ada", candidate: "b", policy: limited },
      0,
    );
    for (let now = 1_000; now <= 6_000 && state.run !== null; now += 1_000) {
      const heard = heardAt(now);
      const verdict = heard && verdictOf(heard);
      const findings = verdict && {
        sampleRatio: verdictOf("pass"),
        variants: [{ version: "b", verdict }],
      };
      const verdicts = { [limited.guardrails[0]!.name]: verdictOf("pass", 1_000) };
      const { stageRevision } = state.run;
      state = step(state, { type: "tick", actor: "r", stageRevision, verdicts, findings }, now).state;
    }
    return state;
  };
  expect(play(() => undefined).last).toMatchObject({ result: "rolled-back", at: 5_000 });
  expect(play((now) => (now < 3_000 ? "inconclusive" : undefined)).last?.at).toBe(5_000);
  expect(play((now) => (now < 3_000 ? "pass" : undefined)).run?.reason).toBe(
    "waits for the outcomes to be read",
  );
});
