import { verifyAudit } from "../audit/verify-audit.ts";
import { type AuditEntry, createAuditEntry } from "../audit/audit-entry.ts";
import type { RolloutEvent } from "../engine/event.ts";
import { initialState, type RolloutState } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import { definePolicy } from "../policy/define-policy.ts";
import type { RolloutStore } from "../store/store.ts";

/** The functions of a test runner that are called. Those of vitest, jest, bun and `node:test` fit as they are. */
export interface StoreTestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: () => Promise<void>) => unknown;
}

/** What a store does not do as it should. */
export class StoreConformanceError extends Error {
  override readonly name: string = "StoreConformanceError";
}

/**
 * The conformance suite of stores: registers a test for each thing that replicas rely on. Every
 * store of this package passes it.
 *
 * @param open - Opens the store; called several times, for what all share. Each test uses a rollout of its own.
 *
 * @example
 * ```ts no-run
 * import { describe, test } from "vitest";
 *
 * describeStore("mine", () => createMyStore(url), { describe, test });
 * ```
 */
export function describeStore(
  name: string,
  open: () => RolloutStore | Promise<RolloutStore>,
  { describe, test }: StoreTestRunner,
): void {
  describe(name, () => {
    for (const [title, check] of Object.entries(checks)) {
      test(title, async () => {
        const [one, other] = [await open(), await open()];
        try {
          await check(one, other, `conformance-${crypto.randomUUID()}`);
        } finally {
          await one.close();
          await other.close();
        }
      });
    }
  });
}

type Check = (one: RolloutStore, other: RolloutStore, rollout: string) => Promise<void>;

const policy = definePolicy({
  seed: "conformance",
  unguarded: true,
  stages: [{ weight: 0.5, holdMs: null }],
});
const begin: RolloutEvent = { type: "start", actor: "ada", candidate: "2", policy };

const checks: Readonly<Record<string, Check>> = {
  "an unknown rollout has no state, no audit and no evidence": async (store, _, rollout) => {
    const { state, head } = await store.read(rollout);
    assertSame([state ?? null, head ?? null], [null, null], "what was read");
    assertSame(await auditOf(store, rollout), [], "the audit");
    assertSame(await store.readEvidence(rollout, 1), [], "the evidence");
    const late = { ...initialState("late"), revision: 4 };
    assertSame(
      await store.compareAndSet(rollout, { expectedRevision: 3, state: late }),
      false,
      "a write at revision 3, where nothing is stored,",
    );
    assertSame((await store.read(rollout)).state ?? null, null, "the state afterwards");
  },

  "time goes on, and is about now": async (store, other, rollout) => {
    const before = (await store.read(rollout)).now;
    const after = (await other.read(rollout)).now;
    assert(after >= before, `time went from ${before} back to ${after}`);
    assert(
      Math.abs(after - Date.now()) < 86_400_000,
      `it is ${after}, and has to be milliseconds since 1970`,
    );
  },

  "what one writes, the other reads, as it was": async (store, other, rollout) => {
    const state = await apply(store, rollout, begin);
    assertSame((await other.read(rollout)).state, state, "the state");
    const unusual = { ...state, revision: state.revision + 1, stable: 'é "quotes" \u2028 🦊' };
    assertSame(
      await store.compareAndSet(rollout, { expectedRevision: state.revision, state: unusual }),
      true,
      "writing",
    );
    assertSame((await other.read(rollout)).state, unusual, "the state");
  },

  "a write that is late is refused, and changes nothing": async (store, other, rollout) => {
    const state = await apply(store, rollout, begin);
    for (const expectedRevision of [0, state.revision - 1, state.revision + 1]) {
      if (expectedRevision === state.revision) continue;
      const lates = [
        { ...initialState("late"), revision: expectedRevision + 1 },
        // Newer by all that can be seen of it, and yet it does not follow.
        { ...state, stable: "late", revision: state.revision + 10 },
      ];
      for (const late of lates) {
        assertSame(
          await other.compareAndSet(rollout, { expectedRevision, state: late }),
          false,
          `a write at revision ${expectedRevision}, where ${state.revision} is stored,`,
        );
      }
    }
    assertSame((await store.read(rollout)).state, state, "the state");
  },

  "of many that write at once exactly one succeeds": async (store, other, rollout) => {
    for (let revision = 0; revision < 8; revision += 1) {
      const writes = Array.from({ length: 16 }, (_, index) => {
        const state: RolloutState = { ...initialState(`writer-${index}`), revision: revision + 1 };
        return (index % 2 === 0 ? store : other).compareAndSet(rollout, {
          expectedRevision: revision,
          state,
        });
      });
      const results = await Promise.all(writes);
      assertSame(results.filter(Boolean).length, 1, "how many of 16 succeeded");
      const { state } = await store.read(rollout);
      assertSame(state?.stable, `writer-${results.indexOf(true)}`, "whose state is stored");
    }
  },

  "the audit has each entry once, in order, and holds": async (store, other, rollout) => {
    await apply(store, rollout, begin);
    for (let round = 0; round < 5; round += 1) {
      await apply(other, rollout, { type: "pause", actor: "bob", reason: `round ${round}` });
      await apply(store, rollout, { type: "resume", actor: "bob" });
    }
    const entries = await auditOf(other, rollout);
    assertSame(
      entries.map(({ sequence }) => sequence),
      entries.map((_, index) => index + 1),
      "the sequence",
    );
    assertSame(entries.length, 11, "how many entries there are");
    assertSame((await verifyAudit(entries)).isValid, true, "whether it holds");
    const { head } = await store.read(rollout);
    assertSame(head, { sequence: 11, hash: entries.at(-1)?.hash }, "the head");
    const last: number[] = [];
    for await (const { sequence } of store.readAudit(rollout, { from: 9 })) last.push(sequence);
    assertSame(last, [9, 10, 11], "the sequence from 9");
  },

  "an entry that comes with a late write is not kept": async (store, other, rollout) => {
    await apply(store, rollout, begin);
    const before = initialState("1");
    const { state, transition } = step(before, begin, 1);
    const entry = await createAuditEntry({
      rollout,
      before,
      after: state,
      event: begin,
      transition: transition!,
      head: undefined,
    });
    assertSame(
      await other.compareAndSet(rollout, { expectedRevision: 0, state, entry }),
      false,
      "a late write",
    );
    assertSame((await auditOf(store, rollout)).length, 1, "how many entries there are");
  },

  "evidence is each replica's newest, of the asked stage": async (store, other, rollout) => {
    const leave = (
      from: RolloutStore,
      replica: string,
      stageRevision: number,
      count: number,
    ): Promise<void> =>
      from.putEvidence(rollout, { replica, stageRevision, guardrails: { latency: { count } } });
    await leave(store, "a", 1, 1);
    await leave(store, "a", 1, 2);
    await leave(other, "b", 1, 3);
    await leave(other, "c", 2, 4);
    const found = (await store.readEvidence(rollout, 1)).sort((x, y) => (x.replica < y.replica ? -1 : 1));
    assertSame(
      found.map(({ replica, guardrails }) => [replica, guardrails["latency"]]),
      [
        ["a", { count: 2 }],
        ["b", { count: 3 }],
      ],
      "the evidence of stage 1",
    );
  },

  "rollouts do not see each other": async (store, other, rollout) => {
    await apply(store, rollout, begin);
    await store.putEvidence(rollout, { replica: "a", stageRevision: 1, guardrails: {} });
    const neighbour = `${rollout}-2`;
    assertSame((await other.read(neighbour)).state ?? null, null, "the neighbour's state");
    assertSame(await auditOf(other, neighbour), [], "the neighbour's audit");
    assertSame(await other.readEvidence(neighbour, 1), [], "the neighbour's evidence");
  },

  "many revisions and names are no trouble": async (store, other, rollout) => {
    let state = initialState("1");
    for (let revision = 1; revision <= 200; revision += 1) {
      const next = { ...state, revision };
      assertSame(
        await store.compareAndSet(rollout, { expectedRevision: revision - 1, state: next }),
        true,
        `writing revision ${revision}`,
      );
      state = next;
    }
    assertSame((await other.read(rollout)).state?.revision, 200, "the revision");
  },

  "an aborted call fails": async (store, _, rollout) => {
    const signal = AbortSignal.abort(new Error("given up"));
    const outcome = await store.read(rollout, { signal }).then(
      () => "it went on",
      () => "it failed",
    );
    assertSame(outcome, "it failed", "an aborted read");
  },
};

/** Carries out an event, as a replica does. */
async function apply(store: RolloutStore, rollout: string, event: RolloutEvent): Promise<RolloutState> {
  const { state = initialState("1"), head, now } = await store.read(rollout);
  const { state: after, transition } = step(state, event, now);
  const entry =
    transition && (await createAuditEntry({ rollout, before: state, after, event, transition, head }));
  const isWritten = await store.compareAndSet(rollout, {
    expectedRevision: state.revision,
    state: after,
    entry,
  });
  assert(isWritten, `revision ${after.revision} was not written, and nobody else was writing`);
  return after;
}

async function auditOf(store: RolloutStore, rollout: string): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of store.readAudit(rollout)) entries.push(entry);
  return entries;
}

function assert(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new StoreConformanceError(problem);
}

/** For values that JSON can hold. */
function assertSame(actual: unknown, expected: unknown, what: string): void {
  const [is, has] = [sortedJson(actual), sortedJson(expected)];
  assert(is === has, `${what}: ${is}, and it has to be ${has}`);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
