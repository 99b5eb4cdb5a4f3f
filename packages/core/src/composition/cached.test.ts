import { describe, expect, test } from "vitest";

import { OverloadedError } from "../errors/overloaded-error.ts";
import { rows, setUpTensors, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { cached, type CachedOptions } from "./cached.ts";
import { FakePredictor, watch } from "./fake-predictor.fixtures.ts";
import { stableKey } from "./stable-key.ts";

type Input = { readonly id: number; readonly tag?: string };
type Output = { values: number[] };

function setUp(options: Partial<CachedOptions<Input, Output>> = {}, answersItself = true) {
  const environment = new FakeEnvironment();
  const answer = ({ id }: Input): Output => ({ values: [id] });
  const inner = new FakePredictor<Input, Output>({ environment, ...(answersItself && { answer }) });
  const composed = cached(inner.predictor, { maxBytes: 100_000, environment, ...options });
  return { inner, composed, environment };
}

const overloaded = new OverloadedError({ model: "m", reason: "queue-full", retryAfterMs: 10 });

describe("cached()", () => {
  test("answers equal inputs from memory", async () => {
    const { inner, composed } = setUp();
    expect(await composed.predict({ id: 1, tag: "a" })).toEqual({ values: [1] });
    expect(await composed.predict({ tag: "a", id: 1 })).toEqual({ values: [1] });
    expect(await composed.predict({ id: 2 })).toEqual({ values: [2] });
    expect(inner.inputs).toEqual([{ id: 1, tag: "a" }, { id: 2 }]);
    expect(composed.stats()).toMatchObject({
      hits: 1,
      joins: 0,
      misses: 2,
      uncacheable: 0,
      entries: 2,
      evictions: 0,
    });
  });

  test("gives every caller a result of their own", async () => {
    const { composed } = setUp();
    const [first, second] = await composed.predictMany([{ id: 1 }, { id: 1 }]);
    first!.values.push(9);
    second!.values.push(8);
    const third = await composed.predict({ id: 1 });
    third.values.push(7);
    expect(await composed.predict({ id: 1 })).toEqual({ values: [1] });
  });

  test("shares results when told to", async () => {
    const { composed } = setUp({ copy: (output) => output });
    expect(await composed.predict({ id: 1 })).toBe(await composed.predict({ id: 1 }));
  });

  test("does not remember errors", async () => {
    const { inner, composed } = setUp({}, false);
    const outcome = watch(composed.predict({ id: 1 }));
    const joined = watch(composed.predict({ id: 1 }));
    await settled();
    inner.calls[0]!.fail(overloaded);
    await settled();
    expect([outcome.error, joined.error]).toEqual([overloaded, overloaded]);
    void watch(composed.predict({ id: 1 }));
    await settled();
    expect(inner.calls).toHaveLength(2);
    expect(composed.stats()).toMatchObject({ misses: 2, joins: 1, entries: 0 });
  });

  test("remembers for ttlMs from the answer", async () => {
    const { inner, composed, environment } = setUp({ ttlMs: 100 });
    await composed.predict({ id: 1 });
    environment.advance(99);
    await composed.predict({ id: 1 });
    expect(inner.calls).toHaveLength(1);
    environment.advance(1);
    await composed.predict({ id: 1 });
    expect(inner.calls).toHaveLength(2);
    expect(composed.stats()).toMatchObject({ hits: 1, misses: 2, expirations: 1, entries: 1 });
  });

  test("counts keys, outputs and entries against maxBytes", async () => {
    const key = ({ id }: Input): string => `key ${id}`;
    const entryBytes = 2 * "input:key 1".length + 100 + 128;
    const { inner, composed } = setUp({ maxBytes: 2 * entryBytes, key, sizeOf: () => 100 });
    for (const id of [1, 2, 1, 3, 1, 2]) await composed.predict({ id });
    expect(inner.inputs.map(({ id }) => id)).toEqual([1, 2, 3, 2]);
    expect(composed.stats()).toMatchObject({ bytes: 2 * entryBytes, entries: 2, evictions: 2 });
    composed.clear();
    expect(composed.stats()).toMatchObject({ bytes: 0, entries: 0, evictions: 2 });
  });

  test("with maxBytes 0 keeps nothing, and still shares runs", async () => {
    const { inner, composed } = setUp({ maxBytes: 0 });
    await composed.predictMany([{ id: 1 }, { id: 1 }]);
    await composed.predict({ id: 1 });
    expect(inner.calls).toHaveLength(2);
    expect(composed.stats()).toMatchObject({ hits: 0, joins: 1, misses: 2, entries: 0, bytes: 0 });
  });

  test("holds nothing any more once it is closed", async () => {
    const { composed } = setUp();
    await composed.predict({ id: 1 });
    expect(composed.stats().entries).toBe(1);
    await composed.close();
    expect(composed.stats()).toMatchObject({ entries: 0, bytes: 0, misses: 1 });
  });

  test("passes on what has no key", async () => {
    const { inner, composed } = setUp({
      key: ({ id }, options) => (id > 0 ? `${id} ${options.key}` : undefined),
    });
    for (const key of ["a", "b", "a"]) await composed.predict({ id: 1 }, { key });
    expect(inner.calls).toHaveLength(2);
    await composed.predict({ id: 0 });
    await composed.predict({ id: 0 });
    expect(inner.calls).toHaveLength(4);
    expect(composed.stats()).toMatchObject({ uncacheable: 2 });
  });

  test.each<[string, Partial<CachedOptions<Input, Output>>, object]>([
    [
      "key",
      {
        key: () => {
          throw new Error("no");
        },
      },
      { code: "CODEC_FAILED", problem: "key() threw: no" },
    ],
    ["key", { key: () => 5 as never }, { code: "INVALID_OPTIONS", option: "key" }],
    [
      "sizeOf",
      {
        sizeOf: () => {
          throw new Error("no");
        },
      },
      { code: "CODEC_FAILED", problem: "sizeOf() threw: no" },
    ],
    ["sizeOf", { sizeOf: () => NaN }, { code: "INVALID_OPTIONS", option: "sizeOf" }],
    ["sizeOf", { sizeOf: () => -1 }, { code: "INVALID_OPTIONS", option: "sizeOf" }],
    [
      "copy",
      {
        copy: () => {
          throw new Error("no");
        },
      },
      { code: "CODEC_FAILED", problem: "copy() threw: no" },
    ],
  ])("fails typed when %s does", async (_, options, error) => {
    const { composed } = setUp(options);
    await expect(composed.predict({ id: 1 })).rejects.toMatchObject(error);
    await expect(composed.predict({ id: 1 })).rejects.toMatchObject(error);
  });

  describe("equal requests that come together", () => {
    test("share one run, which has nobody's limits", async () => {
      const { inner, composed, environment } = setUp({}, false);
      const deadline = environment.now() + 10;
      const first = watch(composed.predict({ id: 1 }, { key: "k", priority: "high", deadline }));
      const second = watch(composed.predict({ id: 1 }, { key: "l" }));
      await settled();
      expect(inner.calls).toHaveLength(1);
      expect(inner.calls[0]!.options).toMatchObject({ key: "k", priority: "high", deadline: undefined });
      environment.advance(10);
      await settled();
      expect(first.error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
      expect(second.isSettled).toBe(false);
      expect(inner.calls[0]!.options.signal?.aborted).toBe(false);
      inner.calls[0]!.answer({ values: [5] });
      await settled();
      expect(second.output).toEqual({ values: [5] });
    });

    test("lose only who aborts, and the run is aborted with the last", async () => {
      const { inner, composed } = setUp({}, false);
      const controllers = [new AbortController(), new AbortController()];
      const outcomes = controllers.map(({ signal }) => watch(composed.predict({ id: 1 }, { signal })));
      await settled();
      controllers[0]!.abort("enough");
      await settled();
      expect(outcomes[0]!.error).toMatchObject({ code: "ABORTED", cause: "enough" });
      expect(outcomes[1]!.isSettled).toBe(false);
      expect(inner.calls[0]!.options.signal?.aborted).toBe(false);
      controllers[1]!.abort("enough");
      await settled();
      expect(outcomes[1]!.error).toMatchObject({ code: "ABORTED" });
      expect(inner.calls[0]!.options.signal?.aborted).toBe(true);
      void watch(composed.predict({ id: 1 }));
      await settled();
      expect(inner.calls).toHaveLength(2);
    });

    test("start no run for one who has left already", async () => {
      const { inner, composed } = setUp();
      const controller = new AbortController();
      const outcome = watch(composed.predict({ id: 1 }, { signal: controller.signal }));
      controller.abort();
      await settled();
      expect(outcome.error).toMatchObject({ code: "ABORTED" });
      expect(inner.calls).toEqual([]);
      expect(composed.stats()).toMatchObject({ misses: 0, hits: 0 });
    });

    test("fail together when the predictor throws at once", async () => {
      const { inner } = setUp();
      const throwing = {
        ...inner.predictor,
        predict: () => {
          throw new Error("at once");
        },
      };
      const composed = cached(throwing, { maxBytes: 100 });
      await expect(composed.predictMany([{ id: 1 }, { id: 1 }])).rejects.toMatchObject({
        results: [
          { reason: { code: "BACKEND_FAILED", problem: "at once" } },
          { reason: { code: "BACKEND_FAILED" } },
        ],
      });
    });
  });

  test("never takes a request in tensors for another one, whatever `key` says", async () => {
    const { predictor, environment } = await setUpTensors();
    const key = (): string | undefined => stableKey([rows(3), undefined]);
    const composed = cached(predictor, { maxBytes: 100_000, environment, key });
    expect(valuesOfY(await composed.predictTensors!(rows(3)))).toEqual([6]);
    expect(valuesOfY(await composed.predict(rows(4)))).toEqual([8]);
  });

  test("remembers requests in tensors by themselves", async () => {
    const { predictor, session, environment } = await setUpTensors();
    const composed = cached(predictor, { maxBytes: 100_000, environment });
    for (let round = 0; round < 2; round += 1) {
      const outputs = await composed.predictTensors!(rows(3));
      expect(valuesOfY(outputs)).toEqual([6]);
      (outputs["y"]!.data as Float32Array)[0] = 0;
      expect(Object.keys(await composed.predictTensors!(rows(3), { outputs: ["z"] }))).toEqual(["z"]);
      expect(valuesOfY(await composed.predict(rows(3)))).toEqual([6]);
    }
    expect(session.runs).toHaveLength(3);
    expect(composed.stats()).toMatchObject({ hits: 3, misses: 3 });
  });

  test.each<[string, object]>([
    ["maxBytes", { maxBytes: -1 }],
    ["maxBytes", { maxBytes: NaN }],
    ["maxBytes", { maxBytes: Infinity }],
    ["maxBytes", { maxBytes: undefined }],
    ["ttlMs", { ttlMs: 0 }],
    ["ttlMs", { ttlMs: NaN }],
  ])("refuses %s out of range: %o", (option, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", option }));
  });
});
