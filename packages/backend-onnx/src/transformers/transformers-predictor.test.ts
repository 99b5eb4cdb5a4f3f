import { MlopsError, tensor } from "@mlops/core";
import { settled } from "@mlops/core/testing";
import { expect, test } from "vitest";

import type { TransformersPipeline } from "./pipeline.ts";
import { transformersPredictor } from "./transformers-predictor.ts";

async function errorOf(promise: Promise<unknown>): Promise<MlopsError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (MlopsError.isInstance(error)) return error;
  throw error;
}

/** A pipeline whose calls a test looks at, and lets go one by one once it holds them. */
function standIn(answer: (inputs: unknown, ...args: unknown[]) => unknown) {
  const calls: unknown[][] = [];
  const counts = { disposals: 0 };
  let hold: Promise<void> | undefined;
  let letGo = (): void => {};
  const call = async (...args: unknown[]): Promise<unknown> => {
    calls.push(args);
    await hold;
    return answer(args[0], ...args.slice(1));
  };
  const pipeline: TransformersPipeline = Object.assign(call, {
    dispose: async () => void (counts.disposals += 1),
  });
  return {
    pipeline,
    calls,
    counts,
    hold: (): void => {
      hold = new Promise((resolve) => {
        letGo = resolve;
      });
    },
    letGo: () => letGo(),
  };
}

const named = { name: "shouter", version: "1" };
const shout = (inputs: unknown): unknown => (inputs as string[]).map((text) => text.toUpperCase());

test("requests that come together share a call, with its arguments", async () => {
  const { pipeline, calls, hold, letGo } = standIn(shout);
  await using predictor = await transformersPredictor(pipeline, { ...named, args: [{ loud: true }] });
  hold();
  const answers = predictor.predictMany(["a", "b", "c"]);
  await settled();
  letGo();
  expect(await answers).toEqual(["A", "B", "C"]);
  expect(calls.flatMap(([inputs]) => inputs)).toEqual(["a", "b", "c"]);
  expect(calls.length).toBeLessThan(3);
  expect(calls.every(([, options]) => (options as { loud: boolean }).loud)).toBe(true);
  expect(predictor.info).toMatchObject({ model: "shouter", version: "1", backend: "transformers.js" });
});

test("a pipeline that takes no lists is given one input after the other", async () => {
  const { pipeline, calls } = standIn((input) => `${input as string}!`);
  await using predictor = await transformersPredictor(pipeline, { ...named, batching: false });
  expect(await predictor.predictMany(["a", "b"])).toEqual(["a!", "b!"]);
  expect(calls).toEqual([["a"], ["b"]]);
});

test("only the guilty input fails", async () => {
  const { pipeline, hold, letGo } = standIn((inputs) => {
    if ((inputs as string[]).includes("bad")) throw new Error("no such word");
    return shout(inputs);
  });
  await using predictor = await transformersPredictor(pipeline, named);
  hold();
  const texts = ["first", "a", "bad", "b", "c"];
  const results = Promise.allSettled(texts.map((text) => predictor.predict(text)));
  await settled();
  letGo();
  expect(await results).toMatchObject(
    texts.map((text) =>
      text === "bad"
        ? { reason: { code: "BACKEND_FAILED", problem: "no such word", backend: "transformers.js" } }
        : { value: text.toUpperCase() },
    ),
  );
  expect(predictor.health().stuck).toBe(false);
});

test("the rows of a tensor are the inputs' own", async () => {
  const data = Float32Array.of(1, 2, 3, 4);
  const { pipeline } = standIn((inputs) => {
    const count = (inputs as string[]).length;
    return { type: "float32", dims: [count, 1, 2], data: data.subarray(0, 2 * count) };
  });
  await using predictor = await transformersPredictor(pipeline, {
    ...named,
    decode: (row, text: string) => ({ text, row }),
  });
  const { text, row } = await predictor.predict("a");
  data.fill(9);
  expect([text, row]).toEqual(["a", tensor("float32", [1, 2], [1, 2])]);
});

test("results that are not the inputs' are an error, and so is what decode throws", async () => {
  const { pipeline } = standIn(() => ["one", "two", "three"]);
  await using predictor = await transformersPredictor(pipeline, named);
  const error = await errorOf(predictor.predict("a"));
  expect(error).toMatchObject({ code: "BACKEND_FAILED" });
  expect(error.message).toContain("gave 3 results for 1 inputs");
  const decode = (): never => {
    throw new Error("not today");
  };
  await using failing = await transformersPredictor(standIn(shout).pipeline, { ...named, decode });
  await expect(failing.predict("a")).rejects.toMatchObject({ code: "CODEC_FAILED", stage: "decode" });
});

test("a chain of runs that one failure has ended shows in health, warnings and errors", async () => {
  // As transformers.js has it: each run waits for the one before, and none catches its rejection.
  let chain: Promise<unknown> = Promise.resolve();
  let isOutOfMemory = false;
  let runs = 0;
  const run = (inputs: unknown) => (): unknown => {
    runs += 1;
    if (isOutOfMemory) throw new Error("out of memory");
    return shout(inputs);
  };
  const { pipeline } = standIn((inputs) => (chain = chain.then(run(inputs))));
  await using predictor = await transformersPredictor(pipeline, named);
  expect(await predictor.predict("a")).toBe("A");
  isOutOfMemory = true;
  await expect(predictor.predict("b")).rejects.toMatchObject({ problem: "out of memory" });
  expect([predictor.health().stuck, predictor.info.warnings]).toEqual([false, []]);
  isOutOfMemory = false;
  const error = await errorOf(predictor.predict("c"));
  expect(error.message).toMatch(/^The transformers\.js backend failed: out of memory; it gives/);
  expect(predictor.health()).toMatchObject({ status: "ready", stuck: true });
  expect(predictor.info.warnings).toMatchObject([{ type: "other" }]);
  expect(runs).toBe(2);
  chain = Promise.resolve();
  expect(await predictor.predict("d")).toBe("D");
  expect([predictor.health().stuck, predictor.info.warnings]).toEqual([false, []]);
});

test("aborting, deadlines and a full queue are as everywhere", async () => {
  const { pipeline, calls, hold, letGo } = standIn(shout);
  await using predictor = await transformersPredictor(pipeline, { ...named, queue: { maxSize: 1 } });
  hold();
  const running = predictor.predict("a");
  await settled();
  const controller = new AbortController();
  const waiting = predictor.predict("b", { signal: controller.signal });
  await expect(predictor.predict("c")).rejects.toMatchObject({ code: "OVERLOADED" });
  expect(predictor.health()).toMatchObject({ queued: 1, running: 1 });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
  await expect(predictor.predict("d", { deadline: Date.now() - 1 })).rejects.toMatchObject({
    code: "DEADLINE_EXCEEDED",
  });
  letGo();
  expect(await running).toBe("A");
  expect(calls).toEqual([[["a"]]]);
});

test("closing answers what is under way and disposes of the pipeline, unless it is another's", async () => {
  const { pipeline, counts, hold, letGo } = standIn(shout);
  const predictor = await transformersPredictor(pipeline, named);
  hold();
  const answer = predictor.predict("a");
  await settled();
  const closing = predictor.close();
  expect(counts.disposals).toBe(0);
  letGo();
  expect(await answer).toBe("A");
  await closing;
  expect(counts.disposals).toBe(1);
  await expect(predictor.predict("b")).rejects.toMatchObject({ code: "CLOSED" });
  const borrowing = await transformersPredictor(pipeline, { ...named, disposePipeline: false });
  await borrowing.close();
  expect(counts.disposals).toBe(1);
});

test("what is no pipeline is refused", async () => {
  const noPipeline = Promise.resolve(standIn(shout).pipeline);
  // @ts-expect-error - it has not been awaited
  await expect(transformersPredictor(noPipeline, named)).rejects.toMatchObject({
    code: "INVALID_OPTIONS",
    option: "pipeline",
  });
});
