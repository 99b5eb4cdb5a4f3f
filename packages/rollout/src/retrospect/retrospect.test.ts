import { createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import { exportAudit, readAudit, replayAudit } from "../audit/export-audit.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { errorBudget } from "../budget/error-budget.ts";
import { agreement } from "../guardrail/kinds/agreement.ts";
import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { latency } from "../guardrail/kinds/latency.ts";
import { latencyKind } from "../guardrail/kinds/latency.ts";
import { sampleRatio } from "../guardrail/kinds/sample-ratio.ts";
import { definePolicy, type PolicyDefinition } from "../policy/define-policy.ts";
import { simulate } from "../simulation/simulate.ts";
import { readEvents, type RecordedEvent, retrospect } from "./retrospect.ts";

const start = 1_700_000_000_000;
const guardrails = [latency({ percentile: 95, limitMs: 500 }), errorRate({ limit: 0.05 })];
const policy = (change: Partial<PolicyDefinition> = {}) =>
  definePolicy({
    seed: "retrospect",
    guardrails,
    stages: [0.1, 1].map((weight) => ({ weight, holdMs: 60_000 })),
    ...change,
  });

interface Traffic {
  readonly seconds: number;
  /** Of the candidate. */
  readonly failures?: number;
  /** After this many seconds it begins to fail. */
  readonly from?: number;
}

/** Ten requests a second, each of which both versions answered. */
function* record({ seconds, failures = 0, from = 0 }: Traffic): Generator<RecordedEvent> {
  const random = createRandom(3);
  for (let index = 0; index < seconds * 10; index += 1) {
    const startedAt = start + index * 100;
    for (const version of ["1", "2"]) {
      const fails = version === "2" && index >= from * 10 && random() < failures;
      const base = { version, startedAt, totalMs: 20, key: `user-${index}` };
      yield fails
        ? { ...base, outcome: "failure", error: { code: "BACKEND_FAILED" } }
        : { ...base, outcome: "success", output: "fine" };
    }
  }
}

const versions = { candidate: "2", stable: "1" };

describe("a policy over what was recorded", () => {
  test("completes a healthy candidate, at the times that its holds say", async () => {
    const found = await retrospect(policy(), { ...versions, events: record({ seconds: 600 }) });
    expect(found.result).toBe("completed");
    expect(found.decisions.map(({ type, afterMs, weight }) => [type, afterMs, weight])).toEqual([
      ["started", 0, 0.1],
      ["stage-entered", 60_000, 1],
      ["completed", 120_000, undefined],
    ]);
    expect(found.requests).toMatchObject({ candidate: 1_200, candidateFailures: 0, control: 1_200 });
    expect(found.durationMs).toBe(120_000);
  });

  test("rolls back one that begins to fail, and counts whom it touched until then", async () => {
    const events = record({ seconds: 600, failures: 0.5, from: 30 });
    const found = await retrospect(policy(), { ...versions, events });
    expect(found).toMatchObject({ result: "rolled-back", state: { stable: "1", run: null } });
    const last = found.decisions.at(-1)!;
    expect(last).toMatchObject({ type: "rolled-back", actor: "guardrail:error rate" });
    expect(last.afterMs).toBe(40_000);
    expect(found.requests.candidate).toBe(400);
    expect(last.candidateRequests).toBe(400);
    expect(found.requests.candidateFailures).toBeGreaterThan(30);
  });

  test("gives each key to the version that the policy gives it, where that is asked", async () => {
    const found = await retrospect(policy({ guardrails: [...guardrails, sampleRatio()] }), {
      ...versions,
      events: record({ seconds: 700, failures: 0.5 }),
      assignment: "policy",
    });
    expect(found.result).toBe("rolled-back");
    const { candidate, control, leftOut } = found.requests;
    // A tenth of the keys, of which half the answers were of the other version.
    expect(candidate / (candidate + control)).toBeLessThan(0.2);
    expect(leftOut).toBe(candidate + control);
  });

  test("the split of the past is not held against the policy's", async () => {
    const watched = policy({ guardrails: [...guardrails, sampleRatio()] });
    const found = await retrospect(watched, { ...versions, events: record({ seconds: 600 }) });
    expect(found.result).toBe("completed");
  });

  test("a shadow's answers are compared, and touch nobody", async () => {
    const shadowed = policy({
      stages: [{ weight: 0, shadow: 1, holdMs: 10_000 }],
      guardrails: [agreement({ limit: 0.1 })],
    });
    function* events(): Generator<RecordedEvent> {
      for (const event of record({ seconds: 300 })) {
        yield event.version === "2" ? { ...event, live: "otherwise" } : event;
      }
    }
    for (const assignment of ["recorded", "policy"] as const) {
      const found = await retrospect(shadowed, { ...versions, events: events(), assignment });
      expect(found).toMatchObject({ result: "rolled-back", requests: { candidate: 0 } });
    }
  });

  test("waits for approvals, unless they are given at once", async () => {
    const approved = policy({ stages: [{ weight: 1, holdMs: 10_000, approvals: 2 }] });
    const events = () => record({ seconds: 120 });
    const waiting = await retrospect(approved, { ...versions, events: events() });
    expect(waiting).toMatchObject({ result: "undecided", state: { run: { phase: "awaiting-approval" } } });
    const given = await retrospect(approved, { ...versions, events: events(), approvals: "at-once" });
    expect(given.result).toBe("completed");
    expect(given.decisions.map(({ type }) => type)).toContain("approved");
  });

  test("an error budget holds it up", async () => {
    const events = record({ seconds: 120, failures: 0.04 });
    const gate = errorBudget({ objective: 0.999 });
    const found = await retrospect(policy(), { ...versions, events, errorBudget: gate });
    expect(found).toMatchObject({ result: "undecided", state: { run: { budget: { isLeft: false } } } });
  });

  test("without events nothing would have been", async () => {
    const found = await retrospect(policy(), { ...versions, events: [] });
    expect(found).toMatchObject({ result: "undecided", decisions: [], durationMs: 0 });
  });

  test("decides as the simulation does on traffic that is alike", async () => {
    const model = { p95Ms: 100, errorRate: 0.3 };
    const simulated = simulate(policy(), {
      stable: { p95Ms: 100 },
      candidate: model,
      requestsPerSecond: 10,
      runs: 20,
    });
    const events = record({ seconds: 600, failures: 0.3 });
    const found = await retrospect(policy(), { ...versions, events, assignment: "policy" });
    expect(found.result).toBe("rolled-back");
    expect(found.requests.candidate).toBeLessThanOrEqual(simulated.requestsBeforeRollback.max! * 2);
  });
});

describe("events as lines of JSON", () => {
  test("are what was written, however the text is cut", async () => {
    const all = [...record({ seconds: 2, failures: 0.5 })];
    const text = all.map((event) => JSON.stringify(event)).join("\n");
    const bytes = new TextEncoder().encode(`${text}\n\n`);
    for (const size of [1, 7, 1_000, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const read: RecordedEvent[] = [];
      for await (const event of readEvents(pieces)) read.push(event);
      expect(read).toEqual(all);
    }
  });

  test.each([
    ["{", "line 2"],
    ['{"version":"1","startedAt":null,"totalMs":1,"outcome":"success"}', "line 2 at startedAt"],
    ['{"version":"1","startedAt":1,"totalMs":1,"outcome":"fine"}', "line 2 at outcome"],
  ])("that are none are named: %s", async (line, place) => {
    const reading = async (): Promise<void> => {
      for await (const event of readEvents(["\n", line])) void event;
    };
    await expect(reading()).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringContaining(place),
    });
  });
});

describe("an audit log", () => {
  const auditOf = async () => {
    const events = record({ seconds: 600, failures: 0.5, from: 70 });
    return (await retrospect(policy(), { ...versions, events })).audit;
  };

  test("exported and read again it holds, and gives the same verdicts", async () => {
    const audit = await auditOf();
    const text: string[] = [];
    for await (const line of exportAudit(audit)) text.push(line);
    const read = [];
    for await (const entry of readAudit([text.join("")])) read.push(entry);
    expect(read).toEqual(audit);
    expect(await verifyAudit(read)).toMatchObject({ isValid: true });
    expect(await replayAudit(read)).toEqual({
      isSame: true,
      entries: 3,
      verdicts: 4,
      unjudged: 0,
      differences: [],
    });
  });

  test("with a guardrail that judges otherwise now, says which verdict and decision are others", async () => {
    const lenient = {
      ...latencyKind,
      judge: () => ({ status: "no-data", reason: "nothing", evidence: { samples: 0 } }) as const,
    };
    const { isSame, differences } = await replayAudit(await auditOf(), { guardrails: [lenient] });
    expect(isSame).toBe(false);
    expect(differences).toContainEqual(
      expect.objectContaining({ sequence: 2, kind: "verdict", guardrail: "p95 latency" }),
    );
    expect(differences).toContainEqual({ sequence: 2, kind: "decision" });
  });

  test("names the line that is no entry", async () => {
    const reading = async (): Promise<void> => {
      for await (const entry of readAudit(["{}"])) void entry;
    };
    await expect(reading()).rejects.toThrow("line 1");
  });
});
