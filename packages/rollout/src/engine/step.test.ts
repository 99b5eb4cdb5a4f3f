import { describe, expect, test } from "vitest";

import { definePolicy } from "../policy/define-policy.ts";
import { examplePolicy, RolloutSetup, verdictOf } from "./rollout.fixtures.ts";
import { step } from "./step.ts";

function started(policy = examplePolicy(), stable: string | null = "1.0.0"): RolloutSetup {
  const setup = new RolloutSetup(stable);
  setup.start(policy);
  return setup;
}

const minute = 60_000;

describe("a candidate whose guardrails pass", () => {
  test("goes through the stages, each for its time, and is the stable version then", () => {
    const setup = started();
    const stages: number[] = [];
    while (setup.state.run !== null) {
      stages.push(setup.run.stage);
      setup.tick(minute / 2);
    }
    expect(stages).toEqual([0, 0, 1, 1, 2, 2]);
    expect(setup.state).toMatchObject({ stable: "1.1.0", last: { result: "completed", candidate: "1.1.0" } });
    expect(setup.transitions.map(({ type }) => type)).toEqual([
      "started",
      "stage-entered",
      "stage-entered",
      "completed",
    ]);
  });

  test("waits for as many requests as the stage asks for, by each guardrail", () => {
    const setup = started(examplePolicy({ stages: [{ weight: 1, minimumSamples: 500 }] }));
    setup.tick(minute, { latency: verdictOf("pass", 499) });
    expect(setup.run.reason).toBe("waits for latency has judged 499 of 500 requests");
    setup.tick(minute, { latency: verdictOf("pass", 500) });
    expect(setup.state.stable).toBe("1.1.0");
  });

  test("needs its evidence anew in each stage", () => {
    const setup = started();
    setup.tick(minute);
    expect(setup.run).toMatchObject({ stage: 1, guardrails: { latency: { verdict: null, since: null } } });
  });

  test("waits while the error budget is spent", () => {
    const setup = started(examplePolicy({ stages: [{ weight: 1 }] }));
    setup.now += minute;
    const { stageRevision } = setup.run;
    const verdicts = { latency: verdictOf("pass"), errors: verdictOf("pass") };
    setup.send({ type: "tick", actor: "replica-1", stageRevision, verdicts, isBudgetLeft: false });
    expect(setup.run.reason).toBe("waits for the error budget to recover");
    setup.tick(minute);
    expect(setup.state.stable).toBe("1.1.0");
  });
});

describe("a candidate that fails", () => {
  test("is rolled back at once, in the middle of a hold", () => {
    const setup = started();
    setup.tick(minute / 10, { latency: "fail" });
    expect(setup.state).toMatchObject({
      stable: "1.0.0",
      run: null,
      last: { result: "rolled-back", actor: "guardrail:latency", reason: "it is fail" },
    });
  });

  test("is rolled back while it is paused, and while it waits for approval", () => {
    const paused = started();
    paused.send({ type: "pause", actor: "bob", reason: "lunch" });
    paused.tick(minute, { errors: "fail" });
    expect(paused.state.last?.result).toBe("rolled-back");

    const waiting = started(examplePolicy({ stages: [{ weight: 1, approvals: 1 }] }));
    waiting.tick(minute);
    expect(waiting.run.phase).toBe("awaiting-approval");
    waiting.tick(minute, { errors: "fail" });
    expect(waiting.state.last?.result).toBe("rolled-back");
  });

  test("is rolled back after failures in a row, where the policy asks for some; passing ends the row, silence does not", () => {
    const policy = examplePolicy({}, { consecutiveFailures: 3 });
    const setup = started(policy);
    for (const status of ["fail", "fail", "pass", "fail", "no-data", "error", "fail"] as const) {
      setup.tick(1_000, { latency: status });
      expect(setup.run.stage).toBe(0);
    }
    setup.tick(1_000, { latency: "fail" });
    expect(setup.state.last?.result).toBe("rolled-back");
  });

  test("is rolled back after failures in all, however far apart", () => {
    const setup = started(examplePolicy({}, { consecutiveFailures: 9, totalFailures: 2 }));
    setup.tick(1_000, { latency: "fail" });
    setup.tick(minute);
    expect(setup.run.stage).toBe(1);
    setup.tick(1_000, { latency: "fail" });
    expect(setup.state.last?.result).toBe("rolled-back");
  });

  test("is recorded only, where the guardrail is a dry run", () => {
    const setup = started(
      examplePolicy({
        stages: [{ weight: 1 }],
        guardrails: [
          { name: "latency", kind: "test" },
          { name: "trial", kind: "test", dryRun: true },
        ],
      }),
    );
    setup.tick(1_000, { trial: "fail", latency: "inconclusive" });
    expect(setup.run.guardrails["trial"]).toMatchObject({ totalFailures: 1 });
    setup.tick(1_000, { trial: "no-data" });
    expect(setup.state.stable).toBe("1.1.0");
  });

  test("stays, paused, where there is no version to go back to", () => {
    const setup = started(examplePolicy(), null);
    setup.tick(1_000, { latency: "fail" });
    setup.tick(1_000, { latency: "fail" });
    expect(setup.run).toMatchObject({ phase: "paused", candidate: "1.1.0" });
    expect(setup.run.reason).toContain("no version to go back to");
    expect(setup.transitions.map(({ type }) => type)).toEqual(["started", "paused"]);
  });

  test("makes way for the fallback that the policy names, where there is no healthy version", () => {
    const setup = started(examplePolicy({ fallback: "rules" }), null);
    setup.tick(1_000, { latency: "fail" });
    expect(setup.state).toMatchObject({ stable: "rules", run: null });
  });
});

describe("without a verdict either way", () => {
  test.each(["inconclusive", "no-data", "error"] as const)("%s holds, and never promotes", (status) => {
    const rules = { onNoData: forEver, onError: forEver, onInconclusive: forEver };
    const setup = started(examplePolicy({}, rules));
    for (let tick = 0; tick < 100; tick += 1) setup.tick(10 * minute, { latency: status });
    expect(setup.run).toMatchObject({ phase: "running", stage: 0 });
  });

  test.each([
    ["no-data", "onNoData"],
    ["error", "onError"],
    ["inconclusive", "onInconclusive"],
  ] as const)("%s is waited out as long as %s says", (status, rule) => {
    for (const afterwards of ["rollback", "pause"] as const) {
      const setup = started(examplePolicy({}, { [rule]: { deadlineMs: 5 * minute, afterwards } }));
      setup.tick(1_000, { latency: status });
      setup.tick(5 * minute - 1, { latency: status });
      expect(setup.run.phase).toBe("running");
      setup.tick(1_000, { latency: status });
      const { run, last } = setup.state;
      expect([run?.phase, last?.result]).toEqual(
        afterwards === "rollback" ? [undefined, "rolled-back"] : ["paused", undefined],
      );
    }
  });

  test("patience begins anew after any other verdict", () => {
    const setup = started(
      examplePolicy({}, { onNoData: { deadlineMs: 5 * minute, afterwards: "rollback" } }),
    );
    for (let round = 0; round < 10; round += 1) {
      setup.tick(4 * minute, { latency: "no-data" });
      setup.tick(1_000, { latency: "inconclusive" });
    }
    expect(setup.run.phase).toBe("running");
  });

  test("a guardrail that says nothing has failed by itself", () => {
    const setup = started();
    setup.now += minute;
    setup.send({ type: "tick", actor: "replica-1", stageRevision: setup.run.stageRevision, verdicts: {} });
    expect(setup.run.guardrails["latency"]).toMatchObject({ verdict: { status: "error" }, totalErrors: 1 });
    expect(setup.run.stage).toBe(0);
  });
});

const forEver = { deadlineMs: null, afterwards: "pause" } as const;

describe("many replicas count as one", () => {
  test("a tick before its time changes nothing", () => {
    const setup = started(examplePolicy({}, { consecutiveFailures: 2 }));
    setup.tick(1_000, { latency: "fail" });
    const before = setup.state;
    setup.tick(999, { latency: "fail" });
    expect(setup.state).toBe(before);
  });

  test("verdicts of another stage change nothing", () => {
    const setup = started();
    const { stageRevision } = setup.run;
    setup.tick(minute);
    setup.now += minute;
    const before = setup.state;
    const verdicts = { latency: verdictOf("fail"), errors: verdictOf("fail") };
    setup.send({ type: "tick", actor: "replica-2", stageRevision, verdicts });
    expect(setup.state).toBe(before);
  });

  test("a tick without a rollout changes nothing", () => {
    const setup = new RolloutSetup();
    setup.tick(1_000);
    expect(setup.state.revision).toBe(0);
  });

  test("a clock that is behind makes nothing older, and one that goes back enters nothing anew", () => {
    const setup = started();
    setup.tick(minute);
    expect(setup.run.stage).toBe(1);
    setup.now -= 10 * minute;
    setup.tick(0);
    expect(setup.run).toMatchObject({ stage: 1, phase: "running" });
    setup.now += 10 * minute;
    setup.tick(minute);
    expect(setup.run.stage).toBe(2);
  });
});

describe("stages that only time ends", () => {
  const timed = (approvals = 0): RolloutSetup =>
    started(
      definePolicy({
        seed: "timed",
        unguarded: true,
        stages: [
          { weight: 0.1, holdMs: minute },
          { weight: 0.2, holdMs: minute },
          { weight: 0.3, holdMs: minute, approvals },
          { weight: 1, holdMs: minute },
        ],
      }),
    );

  test("are passed in one move when their time is over, by what is left of it", () => {
    const setup = timed();
    setup.tick(2.5 * minute);
    expect(setup.run).toMatchObject({ stage: 2, stageEnteredAt: 1_000_000 + 2 * minute });
    expect(setup.transitions).toHaveLength(2);
    setup.tick(10 * minute);
    expect(setup.state.stable).toBe("1.1.0");
  });

  test("but never past one that has to be approved", () => {
    const setup = timed(1);
    setup.tick(100 * minute);
    expect(setup.run).toMatchObject({ stage: 2, stageEnteredAt: setup.now });
  });

  test("and a watched stage is never passed, however late it is", () => {
    const setup = started();
    setup.tick(1_000 * minute);
    expect(setup.run).toMatchObject({ stage: 1, stageEnteredAt: setup.now });
  });
});

describe("approval", () => {
  const asked = (approvals: number, change = {}): RolloutSetup =>
    started(examplePolicy({ stages: [{ weight: 0.5, approvals }, { weight: 1 }], ...change }));
  const approve = (setup: RolloutSetup, actor: string): void => {
    setup.send({ type: "approve", actor, stageRevision: setup.run.stageRevision });
  };

  test("comes last, by as many people as the stage asks for", () => {
    const setup = asked(2);
    expect(() => approve(setup, "bob")).toThrow(expect.objectContaining({ reason: "not-awaiting-approval" }));
    setup.tick(1_000);
    expect(setup.run.reason).toBe("waits for 2 approvals");
    approve(setup, "bob");
    expect(() => approve(setup, "bob")).toThrow(expect.objectContaining({ reason: "approved-before" }));
    expect(setup.run.stage).toBe(0);
    approve(setup, "cy");
    expect(setup.run).toMatchObject({ stage: 1, approvedBy: [] });
  });

  test("is not for whoever started it, unless the policy lets them", () => {
    const setup = asked(1);
    setup.tick(1_000);
    expect(() => approve(setup, "ada")).toThrow(expect.objectContaining({ reason: "self-approval" }));
    const lax = asked(1, { allowSelfApproval: true });
    lax.tick(1_000);
    approve(lax, "ada");
    expect(lax.run.stage).toBe(1);
  });

  test("is void for a stage that is over, and when the evidence no longer holds", () => {
    const setup = asked(2);
    setup.tick(1_000);
    const { stageRevision } = setup.run;
    approve(setup, "bob");
    setup.tick(1_000, { latency: "inconclusive" });
    expect(setup.run).toMatchObject({ phase: "running", approvedBy: [] });
    setup.send({ type: "promote", actor: "cy", to: "next-stage", reason: "fine" });
    expect(() => setup.send({ type: "approve", actor: "bob", stageRevision })).toThrow(
      expect.objectContaining({ reason: "stage-is-over" }),
    );
  });
});

describe("people always win", () => {
  test("abort rolls back, promote moves on, whatever the guardrails say", () => {
    const aborted = started();
    aborted.send({ type: "abort", actor: "bob", reason: "a complaint" });
    expect(aborted.state).toMatchObject({ stable: "1.0.0", last: { actor: "bob", reason: "a complaint" } });

    const promoted = started();
    promoted.tick(1_000, { latency: "no-data" });
    promoted.send({ type: "promote", actor: "bob", to: "next-stage", reason: "looked at it" });
    expect(promoted.run.stage).toBe(1);
    promoted.send({ type: "promote", actor: "bob", to: "end", reason: "hurry" });
    expect(promoted.state.stable).toBe("1.1.0");
  });

  test("a pause stops the clock", () => {
    const setup = started();
    setup.tick(minute / 2);
    setup.send({ type: "pause", actor: "bob", reason: "lunch" });
    setup.tick(10 * minute);
    expect(setup.run).toMatchObject({ stage: 0, phase: "paused", reason: "lunch" });
    setup.send({ type: "resume", actor: "bob" });
    setup.tick(minute / 2 - 1);
    expect(setup.run.stage).toBe(0);
    setup.tick(1_000);
    expect(setup.run.stage).toBe(1);
  });

  test("nobody's patience runs out in a pause", () => {
    const setup = started(
      examplePolicy({}, { onNoData: { deadlineMs: 5 * minute, afterwards: "rollback" } }),
    );
    setup.tick(1_000, { latency: "no-data" });
    setup.send({ type: "pause", actor: "bob", reason: "lunch" });
    setup.tick(60 * minute, { latency: "no-data" });
    setup.send({ type: "resume", actor: "bob" });
    setup.tick(1_000, { latency: "no-data" });
    expect(setup.run.phase).toBe("running");
  });

  test.each([
    [{ type: "abort", actor: "bob", reason: "" }, "no-rollout"],
    [{ type: "resume", actor: "bob" }, "no-rollout"],
  ] as const)("a command without a rollout: %j", (event, reason) => {
    expect(() => new RolloutSetup().send(event)).toThrow(
      expect.objectContaining({ code: "ROLLOUT_CONFLICT", reason }),
    );
  });

  test("resuming what runs is a conflict", () => {
    expect(() => started().send({ type: "resume", actor: "bob" })).toThrow(
      expect.objectContaining({ reason: "not-paused" }),
    );
  });
});

describe("the next candidate", () => {
  test("is refused while one is under way, unless the policy lets itself be replaced", () => {
    const setup = started();
    expect(() => setup.start(examplePolicy(), "1.2.0")).toThrow(
      expect.objectContaining({ reason: "rollout-under-way" }),
    );
    expect(setup.run.candidate).toBe("1.1.0");
  });

  test("goes back to the last healthy version, which one in the middle was not", () => {
    const setup = started(examplePolicy({ onNewCandidate: "replace" }));
    setup.tick(1_000);
    setup.start(examplePolicy(), "1.2.0");
    expect(setup.state).toMatchObject({ stable: "1.0.0", epoch: 2, last: { result: "replaced" } });
    setup.tick(1_000, { errors: "fail" });
    expect(setup.state.stable).toBe("1.0.0");
  });

  test("goes back to the one before where that answered everybody and passed", () => {
    const forever = examplePolicy({ onNewCandidate: "replace", stages: [{ weight: 1, holdMs: null }] });
    const setup = started(forever);
    setup.tick(minute);
    expect(setup.run.reason).toBe("stays until it is promoted");
    setup.start(forever, "1.2.0");
    expect(setup.state.stable).toBe("1.1.0");
  });

  test("cannot be the stable version", () => {
    const setup = new RolloutSetup();
    expect(() => setup.start(examplePolicy(), "1.0.0")).toThrow(
      expect.objectContaining({ reason: "already-stable" }),
    );
  });
});

test("each change counts, and nothing is changed in place", () => {
  const setup = started();
  const before = JSON.stringify(setup.state);
  const { state } = step(setup.state, { type: "pause", actor: "bob", reason: "lunch" }, setup.now);
  expect(JSON.stringify(setup.state)).toBe(before);
  expect(state.revision).toBe(setup.state.revision + 1);
});
