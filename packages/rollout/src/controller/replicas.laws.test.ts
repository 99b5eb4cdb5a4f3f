import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { AuditEntry } from "../audit/audit-entry.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import type { RolloutState } from "../engine/state.ts";
import { GuardrailRegistry } from "../guardrail/guardrail-registry.ts";
import type { GuardrailKind } from "../guardrail/guardrail.ts";
import { definePolicy } from "../policy/define-policy.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { RolloutStore, StateChange } from "../store/store.ts";
import { contextOf } from "./evidence.ts";
import { RolloutController } from "./rollout-controller.ts";

// Random interleavings of replicas that share one store, with pauses between any two of its calls,
// crashes, partitions and clocks that jump.

/** Says what the test told it to; without that it passes on as many requests as were counted. */
interface ScriptedCounts {
  readonly samples: number;
  readonly failures: number;
}

const scripted: GuardrailKind<unknown, ScriptedCounts> = {
  kind: "scripted",
  parseOptions: (options) => options,
  createCounter() {
    let samples = 0;
    let failures = 0;
    return {
      observe({ outcome }) {
        samples += 1;
        failures += Number(outcome === "failure");
      },
      counts: () => ({ samples, failures }),
    };
  },
  merge: (a, b) => ({ samples: a.samples + b.samples, failures: a.failures + b.failures }),
  judge({ samples, failures }) {
    const evidence = { samples };
    if (failures > 0) return { status: "fail", reason: `${failures} failures`, evidence };
    if (samples === 0) return { status: "no-data", reason: "no requests", evidence };
    return { status: "pass", reason: `${samples} requests`, evidence };
  },
};

const policy = definePolicy({
  seed: "laws",
  tickMs: 100,
  stages: [
    { weight: 0.1, minimumSamples: 20, holdMs: 500 },
    { weight: 0.5, minimumSamples: 20, approvals: 1 },
    { weight: 1, minimumSamples: 20, holdMs: 500 },
  ],
  guardrails: [{ name: "scripted", kind: "scripted", onNoData: { deadlineMs: 5_000, afterwards: "pause" } }],
});

type Action =
  | { readonly type: "tick"; readonly replica: number }
  | { readonly type: "requests"; readonly replica: number; readonly count: number; readonly fails: boolean }
  | {
      readonly type: "command";
      readonly replica: number;
      readonly name: "promote" | "pause" | "resume" | "abort" | "approve" | "start";
    }
  | { readonly type: "crash"; readonly replica: number }
  | { readonly type: "partition"; readonly replica: number; readonly calls: number }
  | { readonly type: "clock"; readonly byMs: number }
  | { readonly type: "turns"; readonly count: number };

const replica = fc.nat(2);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("tick" as const), replica }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("requests" as const),
      replica,
      count: fc.integer({ min: 1, max: 30 }),
      fails: fc.nat(60).map((number) => number === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("command" as const),
      replica,
      name: fc.constantFrom(
        "promote",
        "pause",
        "resume",
        "resume",
        "abort",
        "approve",
        "approve",
        "approve",
        "start",
        "start",
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("crash" as const), replica }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("partition" as const),
      replica,
      calls: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("clock" as const),
      byMs: fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 50, max: 400 }) },
        fc.constantFrom(-2_000, 20_000),
      ),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ type: fc.constant("turns" as const), count: fc.integer({ min: 1, max: 40 }) }),
  },
);

/** A store whose every call takes some turns, and which can be out of reach. */
function slowStore(store: RolloutStore, pace: fc.Scheduler, isCut: () => boolean): RolloutStore {
  const later = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await pace.schedule(Promise.resolve(), "before the store");
    if (isCut()) throw new Error("the store is out of reach");
    const result = await call();
    await pace.schedule(Promise.resolve(), "after the store");
    return result;
  };
  return {
    ...store,
    read: (name) => later(() => store.read(name)),
    compareAndSet: (name, change) => later(() => store.compareAndSet(name, change)),
    putEvidence: (name, evidence) => later(() => store.putEvidence(name, evidence)),
    readEvidence: (name, revision) => later(() => store.readEvidence(name, revision)),
  };
}

interface Played {
  readonly states: readonly RolloutState[];
  readonly audit: readonly AuditEntry[];
  readonly seen: readonly (readonly RolloutState[])[];
}

async function play(actions: readonly Action[], pace: fc.Scheduler): Promise<Played> {
  let now = 1_000_000;
  const memory = createMemoryStore({ now: () => now });
  const states: RolloutState[] = [];
  const recording: RolloutStore = {
    ...memory,
    async compareAndSet(name: string, change: StateChange) {
      const isWritten = await memory.compareAndSet(name, change);
      if (isWritten) states.push(change.state);
      return isWritten;
    },
  };
  const cutCalls = [0, 0, 0];
  const seen: RolloutState[][] = [];
  const open = (index: number): RolloutController => {
    const mine: RolloutState[] = [];
    seen.push(mine);
    return new RolloutController({
      rollout: "laws",
      replica: `replica-${index}-${seen.length}`,
      store: slowStore(recording, pace, () => cutCalls[index]! > 0 && Boolean(cutCalls[index]!--)),
      guardrails: [scripted],
      stable: "1.0.0",
      onState: (state) => mine.push(state),
    });
  };
  const replicas = [0, 1, 2].map(open);
  const pending: Promise<unknown>[] = [];
  let versions = 0;
  const ignoreFailure = (work: Promise<unknown>): void => void pending.push(work.catch(() => {}));

  const begun = replicas[0]!.start("1.0.1", policy, "bob");
  await pace.waitFor(begun);
  for (const act of actions) {
    switch (act.type) {
      case "tick":
        ignoreFailure(replicas[act.replica]!.tick());
        break;
      case "requests": {
        const controller = replicas[act.replica]!;
        const revision = controller.state.run?.stageRevision ?? -1;
        for (let request = 0; request < act.count; request += 1)
          controller.observe(
            { outcome: act.fails ? "failure" : "success", totalMs: 1 },
            "candidate",
            revision,
          );
        break;
      }
      case "command": {
        const controller = replicas[act.replica]!;
        const { run } = controller.state;
        const actor = "ada";
        if (act.name === "start") {
          versions += 1;
          ignoreFailure(controller.start(`1.${versions}.0`, policy, "bob"));
        } else if (act.name === "approve") {
          ignoreFailure(
            controller.command({ type: "approve", actor, stageRevision: run?.stageRevision ?? 0 }),
          );
        } else if (act.name === "promote") {
          ignoreFailure(controller.command({ type: "promote", actor, to: "next-stage", reason: "by hand" }));
        } else if (act.name === "resume") ignoreFailure(controller.command({ type: "resume", actor }));
        else ignoreFailure(controller.command({ type: act.name, actor, reason: "by hand" }));
        break;
      }
      case "crash":
        replicas[act.replica] = open(act.replica);
        break;
      case "partition":
        cutCalls[act.replica] = act.calls;
        break;
      case "clock":
        now += act.byMs;
        break;
      case "turns":
        for (let turn = 0; turn < act.count && pace.count() > 0; turn += 1) await pace.waitOne();
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  cutCalls.fill(0);
  await pace.waitFor(Promise.all(pending));
  const audit: AuditEntry[] = [];
  for await (const entry of memory.readAudit("laws")) audit.push(entry);
  return { states, audit, seen };
}

const plays = fc.tuple(fc.array(action, { minLength: 100, maxLength: 250, size: "max" }), fc.scheduler());

async function forAllPlays(check: (played: Played) => void | Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(plays, async ([actions, pace]) => {
      await check(await play(actions, pace));
    }),
    { seed: 3, numRuns: 80 },
  );
}

describe("law: replicas that share a store", { timeout: 60_000 }, () => {
  test("write one history: each revision once, in order, and time never goes back", async () => {
    let written = 0;
    await forAllPlays(({ states }) => {
      expect(states.map(({ revision }) => revision)).toEqual(states.map((_, index) => index + 1));
      expect(states.map(({ clock }) => clock)).toEqual(
        states.map(({ clock }) => clock).sort((a, b) => a - b),
      );
      written += states.length;
    });
    expect(written, "the property has something to say").toBeGreaterThan(500);
  });

  test("never see a revision go back", async () => {
    await forAllPlays(({ seen }) => {
      for (const states of seen) {
        const revisions = states.map(({ revision }) => revision);
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      }
    });
  });

  test("pass from stage to stage one at a time, and only by a person or on enough passing evidence", async () => {
    let advances = 0;
    await forAllPlays(({ audit }) => {
      for (const { before, event, type } of audit) {
        const isPromotion = type === "stage-entered" || type === "completed";
        if (!isPromotion || event.type === "promote") continue;
        advances += 1;
        const run = before.run!;
        const { minimumSamples, approvals } = run.policy.stages[run.stage]!;
        const verdict =
          event.type === "tick" ? event.verdicts["scripted"] : run.guardrails["scripted"]!.verdict;
        expect(verdict).toMatchObject({ status: "pass" });
        expect(verdict!.evidence.samples).toBeGreaterThanOrEqual(minimumSamples);
        const approvers = event.type === "approve" ? [...run.approvedBy, event.actor] : run.approvedBy;
        expect(approvers.length).toBeGreaterThanOrEqual(approvals);
      }
    });
    expect(advances, "the property has something to say").toBeGreaterThan(20);
  });

  test("keep an audit log that holds, and leads to the same verdicts and states again", async () => {
    const registry = new GuardrailRegistry([scripted]);
    await forAllPlays(async ({ audit }) => {
      expect(await verifyAudit(audit)).toMatchObject({ isValid: true, entries: audit.length });
      for (const { event, before } of audit) {
        if (event.type !== "tick") continue;
        for (const rule of before.run!.policy.guardrails) {
          const counts = event.evidence?.[rule.name];
          const said = event.verdicts[rule.name];
          const context = contextOf(policy, before.run!.stage);
          expect(counts === undefined ? said : registry.judge(rule, counts, context)).toEqual(said);
        }
      }
    });
  });
});
