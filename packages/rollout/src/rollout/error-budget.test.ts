import { definePredictor, InvalidInputError, systemEnvironment } from "@mlops/core";
import { describe, expect, test } from "vitest";

import type { AuditEntry } from "../audit/audit-entry.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { errorBudget } from "../budget/error-budget.ts";
import { definePolicy } from "../policy/define-policy.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { RolloutStore } from "../store/store.ts";
import { createRollout } from "./create-rollout.ts";
import type { Rollout } from "./rollout.ts";

const minute = 60_000;

/** A rollout whose versions fail when asked for a negative number, with a clock that the test moves. */
class Setup {
  now = 1_700_000_000_000;
  readonly store: RolloutStore = createMemoryStore({ now: () => this.now });

  open(replica: string): Rollout<number, number> {
    const version = (name: string) =>
      definePredictor({
        name: "root",
        version: name,
        predict(input: number) {
          if (Number.isNaN(input))
            throw new InvalidInputError({ issues: [{ path: [], message: "is no number" }] });
          if (input < 0) throw new Error("there is none");
          return Math.sqrt(input);
        },
      });
    return createRollout({
      name: "root",
      versions: { "1": version("1"), "2": version("2") },
      stable: "1",
      store: this.store,
      replica,
      errorBudget: errorBudget({ objective: 0.99 }),
      pollMs: 0,
      environment: { ...systemEnvironment, now: () => this.now },
    });
  }

  async ask(rollout: Rollout<number, number>, count: number, input: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await rollout.predict(input).catch(() => {});
  }
}

const policy = (onBudgetSpent: "hold" | "ignore") =>
  definePolicy({
    seed: "b",
    tickMs: 1,
    unguarded: true,
    onBudgetSpent,
    stages: [{ weight: 0.5, holdMs: 1 }, { weight: 1 }],
  });

describe("a rollout with an error budget", () => {
  test("does not start while it burns, at any replica; it does when it has recovered, or need not wait", async () => {
    const setup = new Setup();
    const [one, other] = [setup.open("one"), setup.open("other")];
    await setup.ask(one, 100, 4);
    await setup.ask(one, 50, -1);
    await one.tick();
    await expect(other.start("2", policy("hold"), { actor: "ada" })).rejects.toMatchObject({
      code: "ROLLOUT_CONFLICT",
      reason: "error-budget-spent",
      message: expect.stringContaining("50 of 150 requests failed"),
    });
    await other.start("2", policy("ignore"), { actor: "ada" });
    await other.abort({ actor: "ada", reason: "tried" });

    setup.now += 32 * 24 * 60 * minute;
    await other.start("2", policy("hold"), { actor: "ada" });
    expect(other.status().budget).toMatchObject({ isLeft: true, failures: 0 });
  });

  test("does not go on while it burns, and says so; what it rested on is in the audit", async () => {
    const setup = new Setup();
    const rollout = setup.open("one");
    await rollout.start("2", policy("hold"), { actor: "ada" });
    await setup.ask(rollout, 20, -1);
    setup.now += 10;
    await rollout.tick();
    expect(rollout.status()).toMatchObject({
      stage: { number: 1 },
      summary: expect.stringContaining(
        "waits for the error budget to recover: the budget of 99 % burns 100 times",
      ),
      budget: { isLeft: false, failures: 20 },
    });
    // Good answers for long enough, and it goes on.
    for (let minutes = 0; minutes < 300; minutes += 1) {
      setup.now += minute;
      await setup.ask(rollout, 100, 4);
    }
    await rollout.tick();
    expect(rollout.status().summary).toContain("its time has passed");
    const entries: AuditEntry[] = [];
    for await (const entry of rollout.audit()) entries.push(entry);
    expect(entries.at(-1)).toMatchObject({
      type: "completed",
      event: { isBudgetLeft: true, budget: { isLeft: true, failures: 20 } },
    });
    expect(await verifyAudit(entries)).toMatchObject({ isValid: true });
  });

  test("callers' faults burn nothing", async () => {
    const setup = new Setup();
    const rollout = setup.open("one");
    await setup.ask(rollout, 50, NaN);
    await rollout.start("2", policy("hold"), { actor: "ada" });
    expect(rollout.status().budget).toMatchObject({ requests: 0 });
  });

  test("a replica that is started again has what it counted before", async () => {
    const setup = new Setup();
    const before = setup.open("one");
    await setup.ask(before, 30, -1);
    await before.tick();
    const after = setup.open("one");
    await setup.ask(after, 10, -1);
    await after.tick();
    await after.tick();
    await expect(setup.open("other").start("2", policy("hold"), { actor: "ada" })).rejects.toThrow(
      "40 of 40 requests failed",
    );
  });

  test("what cannot be judged lets nothing start", async () => {
    const setup = new Setup();
    const broken = { replica: "broken", stageRevision: 0, guardrails: { budget: null } };
    await setup.store.putEvidence("root.budget", broken);
    await expect(setup.open("one").start("2", policy("hold"), { actor: "ada" })).rejects.toThrow(
      "could not be judged",
    );
  });

  test("gives its answers, and fails as it would, also where a budget of one's own cannot count", async () => {
    const rollout = createRollout({
      name: "root",
      versions: {
        "1": definePredictor({
          name: "root",
          version: "1",
          predict(input: number) {
            if (input < 0) throw new RangeError("there is none");
            return Math.sqrt(input);
          },
        }),
      },
      stable: "1",
      store: createMemoryStore(),
      errorBudget: {
        ...errorBudget({ objective: 0.99 }),
        observe() {
          throw new Error("the disk is full");
        },
      },
      pollMs: 0,
    });
    expect(await rollout.predict(9)).toBe(3);
    await expect(rollout.predict(-1)).rejects.toMatchObject({ cause: new RangeError("there is none") });
    expect(rollout.status().replica.problem).toBe(
      "the error budget could not count a request: the disk is full",
    );
    await rollout.close();
  });
});
