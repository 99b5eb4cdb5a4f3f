import { describe, expect, test } from "vitest";

import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { definePredictor } from "./define-predictor.ts";
import { ensemble, type EnsembleOptions } from "./ensemble.ts";
import { FakePredictor, watch } from "./fake-predictor.fixtures.ts";
import { mean } from "./mean.ts";
import { majorityVote, weightedVote } from "./vote.ts";

function setUp(count: number, options: Partial<EnsembleOptions<number, number, unknown>> = {}) {
  const environment = new FakeEnvironment();
  const members = Array.from(
    { length: count },
    (_, index) => new FakePredictor({ name: `m${index}`, environment }),
  );
  const predictors = members.map(({ predictor }) => predictor);
  const composed = ensemble<number, number, unknown>(predictors, {
    combine: mean(),
    environment,
    ...options,
  });
  return { members, composed, environment };
}

const overloaded = new OverloadedError({ model: "m", reason: "queue-full", retryAfterMs: 10 });

describe("ensemble()", () => {
  test("asks all members at once, with the caller's options, and combines in their order", async () => {
    const combine = (outputs: readonly number[], context: object) => ({ outputs, context });
    const { members, composed, environment } = setUp(3, { combine });
    const deadline = environment.now() + 100;
    const answer = composed.predict(5, { key: "k", priority: "high", deadline });
    await settled();
    expect(members.map(({ inputs }) => inputs)).toEqual([[5], [5], [5]]);
    for (const { calls } of members)
      expect(calls[0]!.options).toMatchObject({ key: "k", priority: "high", deadline });
    for (const index of [2, 0, 1]) members[index]!.calls[0]!.answer(index);
    expect(await answer).toEqual({ outputs: [0, 1, 2], context: { input: 5, answeredBy: [0, 1, 2] } });
    expect(environment.timerCount).toBe(0);
  });

  test("fails with the first failure, and stops the others", async () => {
    const { members, composed } = setUp(3);
    const outcome = watch(composed.predict(1));
    await settled();
    members[1]!.calls[0]!.fail(overloaded);
    await settled();
    expect(outcome.error).toBe(overloaded);
    for (const index of [0, 2]) expect(members[index]!.calls[0]!.options.signal?.aborted).toBe(true);
  });

  test("answers with minMembers, and renormalised weights", async () => {
    const { members, composed } = setUp(3, { combine: mean({ weights: [1, 5, 3] }), minMembers: 2 });
    const outcome = watch(composed.predict(1));
    await settled();
    members[1]!.calls[0]!.fail(overloaded);
    await settled();
    expect(members[0]!.calls[0]!.options.signal?.aborted).toBe(false);
    members[0]!.calls[0]!.answer(10);
    await settled();
    expect(outcome.isSettled).toBe(false);
    members[2]!.calls[0]!.answer(20);
    await settled();
    expect(outcome.output).toBe(17.5);
  });

  test("with fewer fails with the last error, its cause those before, and stops the others", async () => {
    const { members, composed } = setUp(3, { minMembers: 2 });
    const outcome = watch(composed.predict(1));
    await settled();
    const invalid = new InvalidInputError({ issues: [{ path: [], message: "is wrong" }] });
    members[2]!.calls[0]!.fail(overloaded);
    await settled();
    members[0]!.calls[0]!.fail(invalid);
    await settled();
    expect(outcome.error).toMatchObject({
      code: "INVALID_INPUT",
      issues: invalid.issues,
      cause: { errors: [overloaded] },
    });
    expect(invalid.cause).toBeUndefined();
    expect(members[1]!.calls[0]!.options.signal?.aborted).toBe(true);
  });

  test("passes the caller's abort to every member", async () => {
    const { members, composed } = setUp(2);
    const controller = new AbortController();
    const outcome = watch(composed.predict(1, { signal: controller.signal }));
    await settled();
    controller.abort("enough");
    await settled();
    expect(outcome.error).toMatchObject({ code: "ABORTED", stage: "queued", cause: "enough" });
    for (const { calls } of members) expect(calls[0]!.options.signal?.reason).toBe("enough");
  });

  test("of members that give something that is no error of ours fails typed", async () => {
    const { members, composed } = setUp(1);
    const outcome = watch(composed.predict(1));
    await settled();
    members[0]!.calls[0]!.fail("boom");
    await settled();
    expect(outcome.error).toMatchObject({ code: "BACKEND_FAILED", problem: "boom" });
  });

  test.each<[string, EnsembleOptions<number, number, unknown>["combine"]]>([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
  ])("whose combine %s fails typed", async (_, combine) => {
    const member = new FakePredictor({ answer: (input) => input });
    const composed = ensemble([member.predictor], { combine });
    await expect(composed.predict(1)).rejects.toMatchObject({
      code: "CODEC_FAILED",
      problem: "combine() threw: no",
    });
  });

  test("votes", async () => {
    const say = (label: string) => new FakePredictor<null, string>({ answer: () => label }).predictor;
    const members = [say("cat"), say("dog"), say("dog")];
    expect(await ensemble(members, { combine: majorityVote() }).predict(null)).toBe("dog");
    expect(await ensemble(members, { combine: weightedVote({ weights: [3, 1, 1] }) }).predict(null)).toBe(
      "cat",
    );
  });

  test("is ready while minMembers are", async () => {
    const { members, composed } = setUp(3, { minMembers: 2 });
    expect(composed.health().status).toBe("ready");
    await members[0]!.predictor.close();
    expect(composed.health().status).toBe("ready");
    await members[1]!.predictor.close();
    expect(composed.health().status).toBe("closed");
  });

  test("is called as its members together, or as it is told", () => {
    expect(setUp(2).composed.info).toMatchObject({ model: "m0+m1", version: "1", backend: "function" });
    expect(setUp(2, { name: "price", version: "7" }).composed.info).toMatchObject({
      model: "price",
      version: "7",
    });
    expect(setUp(2).composed.info.members?.map(({ model }) => model)).toEqual(["m0", "m1"]);
    expect(() => setUp(60)).toThrow(
      expect.objectContaining({ option: "name", message: expect.stringContaining("has to be given") }),
    );
    expect(() => setUp(2, { name: "a b" })).toThrow(expect.objectContaining({ option: "name" }));
  });

  test("takes and gives what its members agree on", () => {
    const make = (name: string) =>
      definePredictor({
        name,
        version: "1",
        labels: [name],
        signature: { inputs: [{ name, dtype: "float32", shape: [1] }], outputs: [] },
        predict: (value: number) => value,
      });
    const combine = mean();
    const [a, b] = [make("a"), make("b")];
    expect(ensemble([a, a], { combine }).info).toMatchObject({ signature: a.info.signature, labels: ["a"] });
    const { signature, labels } = ensemble([a, b], { combine }).info;
    expect({ signature, labels }).toEqual({ signature: undefined, labels: undefined });
  });

  test.each<[string, number, Partial<EnsembleOptions<number, number, unknown>>]>([
    ["members", 0, {}],
    ["minMembers", 2, { minMembers: 0 }],
    ["minMembers", 2, { minMembers: 3 }],
    ["minMembers", 2, { minMembers: 1.5 }],
    ["combine", 2, { combine: undefined as never }],
    ["weights", 2, { combine: mean({ weights: [1, 2, 3] }) }],
    ["weights", 2, { combine: weightedVote({ weights: [1] }) }],
  ])("refuses what does not fit: %s", (option, count, options) => {
    expect(() => setUp(count, options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", option }));
  });
});
