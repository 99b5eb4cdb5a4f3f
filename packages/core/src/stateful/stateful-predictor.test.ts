import { expect, test } from "vitest";

import { definePredictor } from "../composition/define-predictor.ts";
import { pipeline } from "../composition/pipeline.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { tensor, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import type { Signature } from "../tensor/tensor-info.ts";
import { countingSignature, HeldModel, poison, stepOf } from "./counting-model.fixtures.ts";
import { statefulPredictor, type StatefulPredictor } from "./stateful-predictor.ts";
import type { StatefulOptions } from "./stateful-options.ts";

interface Fixture {
  readonly environment: FakeEnvironment;
  readonly model: HeldModel;
  readonly stateful: StatefulPredictor;
  /** Asks for a step and lets every run go. Gives the state that it was given: its number in the session. */
  readonly countOf: (key: string, values?: readonly number[]) => Promise<number>;
}

function fixture(options: Partial<StatefulOptions> = {}, signature: Signature = countingSignature): Fixture {
  const environment = new FakeEnvironment();
  const model = new HeldModel(environment, signature);
  const stateful = statefulPredictor(model.predictor, {
    states: { memory: "memoryN" },
    environment,
    ...options,
  });
  return {
    environment,
    model,
    stateful,
    async countOf(key, values = [1]) {
      const answer = stateful.predict(stepOf(values), { key });
      answer.catch(() => {});
      for (let turn = 0; turn < 5; turn += 1) {
        await settled();
        model.open.forEach((run) => run.finish());
      }
      return countIn(await answer);
    },
  };
}

const countIn = ({ seen }: TensorMap): number => (seen as Tensor<"float64">).data[1]!;

test("a caller neither gives nor gets the state, and info says so", () => {
  const { stateful } = fixture();
  const { inputs, outputs } = stateful.info.signature!;
  expect(inputs.map(({ name }) => name)).toEqual(["x", "rate"]);
  expect(outputs.map(({ name }) => name)).toEqual(["seen"]);
  expect(stateful.info).toMatchObject({ model: "counter", version: "1", warnings: [] });
});

test("each key has a state of its own, until its session ends", async () => {
  const { stateful, countOf } = fixture();
  expect([await countOf("a"), await countOf("a"), await countOf("b"), await countOf("a")]).toEqual([
    0, 1, 0, 2,
  ]);
  expect(stateful.sessions()).toEqual({ sessions: 2, evictions: 0, expirations: 0 });
  expect([stateful.end("a"), stateful.end("a")]).toEqual([true, false]);
  expect([await countOf("a"), await countOf("b")]).toEqual([0, 1]);
});

test("steps of different keys share a run, in which other inputs are the same", async () => {
  const { stateful, model } = fixture();
  const answers = ["a", "b", "c", "a"].map((key) => stateful.predict(stepOf([1]), { key }));
  const slow = stateful.predict(stepOf([1], 8), { key: "d" });
  const longer = stateful.predict(stepOf([1, 2]), { key: "e" });
  await settled();
  expect(model.runs).toHaveLength(1);
  const { x, memory, rate } = model.runs[0]!.inputs;
  expect([x!.shape, memory!.shape, rate!.shape]).toEqual([[3, 1], [2, 3, 1], []]);
  expect(stateful.health()).toMatchObject({ queued: 3, running: 1 });
  for (let turn = 0; turn < 4; turn += 1) {
    model.open.forEach((run) => run.finish());
    await settled();
  }
  expect((await Promise.all([...answers, slow, longer])).map(countIn)).toEqual([0, 0, 0, 1, 0, 0]);
  expect(model.runs.map(({ inputs }) => inputs["x"]!.shape)).toEqual([
    [3, 1],
    [1, 1],
    [1, 2],
    [1, 1],
  ]);
});

test("a step that fails leaves the state as it was, and its mates have their answers", async () => {
  const { stateful, model, countOf } = fixture();
  await countOf("a");
  const answers = [
    stateful.predict(stepOf([poison]), { key: "a" }),
    stateful.predict(stepOf([1]), { key: "b" }),
  ];
  const results = Promise.allSettled(answers);
  for (let turn = 0; turn < 4; turn += 1) {
    await settled();
    model.open.forEach((run) => run.finish());
  }
  const [poisoned, mate] = await results;
  expect(poisoned).toMatchObject({ status: "rejected", reason: { code: "BACKEND_FAILED" } });
  expect(mate).toMatchObject({ status: "fulfilled" });
  expect(await countOf("a")).toBe(1);
});

test("a step that is aborted while it runs changes nothing, and its run is stopped when nobody waits", async () => {
  const { stateful, model, countOf } = fixture();
  const controllers = [new AbortController(), new AbortController()];
  const answers = controllers.map(({ signal }, index) =>
    stateful.predict(stepOf([1]), { key: String(index), signal }),
  );
  const results = Promise.allSettled(answers);
  await settled();
  const [run] = model.runs;
  controllers[0]!.abort();
  await settled();
  expect(run!.options.signal!.aborted).toBe(false);
  controllers[1]!.abort();
  await settled();
  expect(run!.options.signal!.aborted).toBe(true);
  run!.finish();
  expect(await results).toMatchObject([{ reason: { code: "ABORTED" } }, { reason: { code: "ABORTED" } }]);
  expect([await countOf("0"), await countOf("1")]).toEqual([0, 0]);
});

test("a deadline bounds waiting and running", async () => {
  const { stateful, environment, model, countOf } = fixture();
  const deadline = environment.now() + 10;
  const results = Promise.allSettled([
    stateful.predict(stepOf([1]), { key: "a", deadline }),
    stateful.predict(stepOf([1]), { key: "a", deadline }),
  ]);
  await settled();
  environment.advance(10);
  expect(await results).toMatchObject([
    { reason: { code: "DEADLINE_EXCEEDED" } },
    { reason: { code: "DEADLINE_EXCEEDED" } },
  ]);
  model.runs[0]!.finish();
  expect(await countOf("a")).toBe(0);
});

test("a session that is ended while a step runs does not come back", async () => {
  const { stateful, model, countOf } = fixture();
  const answer = stateful.predict(stepOf([1]), { key: "a" });
  await settled();
  stateful.end("a");
  model.runs[0]!.finish();
  expect(countIn(await answer)).toBe(0);
  expect(stateful.sessions().sessions).toBe(0);
  expect(await countOf("a")).toBe(0);
});

test("a full table refuses, evicts or expires sessions, as declared, and never one that is busy", async () => {
  const refusing = fixture({ maxSessions: 2 });
  await refusing.countOf("a");
  await refusing.countOf("b");
  await expect(refusing.countOf("c")).rejects.toMatchObject({
    code: "OVERLOADED",
    reason: "sessions-full",
    retryAfterMs: 1_000,
  });
  expect(await refusing.countOf("a")).toBe(1);

  const evicting = fixture({ maxSessions: 2, whenFull: "evict" });
  await evicting.countOf("a");
  await evicting.countOf("b");
  await evicting.countOf("a");
  expect(await evicting.countOf("c")).toBe(0);
  expect(await evicting.countOf("a")).toBe(2);
  expect(await evicting.countOf("b")).toBe(0);
  expect(evicting.stateful.sessions()).toEqual({ sessions: 2, evictions: 2, expirations: 0 });
  const held = ["a", "b"].map((key) => evicting.stateful.predict(stepOf([1]), { key }));
  await settled();
  await expect(evicting.stateful.predict(stepOf([1]), { key: "d" })).rejects.toMatchObject({
    code: "OVERLOADED",
  });
  evicting.model.open.forEach((run) => run.finish());
  expect((await Promise.all(held)).map(countIn)).toEqual([3, 1]);

  const expiring = fixture({ maxSessions: 2, idleTimeoutMs: 100 });
  await expiring.countOf("a");
  expiring.environment.advance(60);
  await expiring.countOf("b");
  await expect(expiring.countOf("c")).rejects.toMatchObject({ retryAfterMs: 40 });
  expiring.environment.advance(40);
  expect(await expiring.countOf("c")).toBe(0);
  expect(await expiring.countOf("b")).toBe(1);
  expiring.environment.advance(100);
  expect(await expiring.countOf("b")).toBe(0);
  expect(expiring.stateful.sessions()).toEqual({ sessions: 1, evictions: 0, expirations: 3 });
});

test("a session none of whose steps has succeeded takes no place", async () => {
  const { stateful, countOf } = fixture({ maxSessions: 1 });
  await expect(countOf("a", [poison])).rejects.toMatchObject({ code: "BACKEND_FAILED" });
  expect(stateful.sessions().sessions).toBe(0);
  const gone = stateful.predict(stepOf([1]), { key: "b", signal: AbortSignal.abort() });
  await expect(gone).rejects.toMatchObject({ code: "ABORTED" });
  expect(stateful.sessions().sessions).toBe(0);
});

test("a full queue refuses", async () => {
  const { stateful, model } = fixture({ maxQueueSize: 2 });
  const held = ["a", "b"].map((key) => stateful.predict(stepOf([1]), { key }));
  await settled();
  await expect(stateful.predict(stepOf([1]), { key: "c" })).rejects.toMatchObject({
    code: "OVERLOADED",
    reason: "queue-full",
  });
  model.open.forEach((run) => run.finish());
  await Promise.all(held);
});

test("steps that do not fit are refused before they touch a session", async () => {
  const { stateful } = fixture();
  const ask = (tensors: TensorMap, key?: string): Promise<TensorMap> =>
    stateful.predict(tensors, key === undefined ? {} : { key });
  await expect(ask(stepOf([1]))).rejects.toMatchObject({ code: "INVALID_OPTIONS", option: "key" });
  await expect(ask({ x: tensor("float64", [1], [1, 1]) }, "a")).rejects.toMatchObject({
    code: "TENSOR_NAME_MISMATCH",
    missing: ["rate"],
  });
  const memory = tensor("float64", [0, 0], [2, 1, 1]);
  await expect(ask({ ...stepOf([1]), memory }, "a")).rejects.toMatchObject({ unexpected: ["memory"] });
  expect(stateful.sessions().sessions).toBe(0);
});

test("a session may have several rows, always as many as at first", async () => {
  const { stateful, model } = fixture();
  const ask = async (rows: number): Promise<TensorMap> => {
    const answer = stateful.predict(stepOf(Array<number>(rows).fill(1), 16, rows), { key: "stereo" });
    answer.catch(() => {});
    await settled();
    model.open.forEach((run) => run.finish());
    return answer;
  };
  expect((await ask(2))["seen"]!.shape).toEqual([2, 2]);
  await expect(ask(1)).rejects.toMatchObject({ code: "INVALID_OPTIONS", option: "key" });
  expect([...(await ask(2))["seen"]!.data].filter((_, index) => index % 2 === 1)).toEqual([1, 1]);
});

test("a first state is what the caller makes", async () => {
  const keys: string[] = [];
  const { countOf } = fixture({
    states: {
      memory: {
        output: "memoryN",
        batchAxis: 1,
        initial({ key, rows }) {
          if (key === "bad") throw new Error("no such stream");
          keys.push(key);
          return tensor("float64", [5, 40], [2, rows, 1]);
        },
      },
    },
  });
  expect([await countOf("a"), await countOf("a")]).toEqual([40, 41]);
  await expect(countOf("bad")).rejects.toMatchObject({
    code: "CODEC_FAILED",
    problem: "states.memory.initial() threw: no such stream",
  });
  expect(await countOf("a")).toBe(42);
  expect(keys).toEqual(["a"]);
});

test("outputs whose rows are not those of the run end the sharing, and nobody gets another's", async () => {
  const { inputs, outputs } = countingSignature;
  const unnamed = { inputs, outputs: outputs.map((info) => ({ ...info, shape: [null, null] })) };
  const { stateful, model } = fixture({}, unnamed);
  const answers = ["a", "b"].map((key) => stateful.predict(stepOf([1]), { key }));
  await settled();
  const [run] = model.runs;
  expect(run!.inputs["x"]!.shape).toEqual([2, 1]);
  // Only the runs of one row are computed; that of two rows comes back with one row too many.
  Object.assign(run!.inputs, stepOf([1, 1, 1], 16, 3), {
    memory: tensor("float64", Array<number>(6).fill(0), [2, 3, 1]),
  });
  run!.finish();
  for (let turn = 0; turn < 3; turn += 1) {
    await settled();
    model.open.forEach((other) => other.finish());
  }
  expect((await Promise.all(answers)).map(countIn)).toEqual([0, 0]);
  expect(model.runs.map(({ inputs: { x } }) => x!.shape[0])).toEqual([3, 1, 1]);
});

test("a model without a batch is run step by step, and a wish for more is a warning", async () => {
  const { inputs, outputs } = countingSignature;
  const fixed = (infos: Signature["inputs"]): Signature["inputs"] =>
    infos.map((info) => ({ ...info, shape: info.shape!.map((size) => (size === "batch" ? 1 : size)) }));
  const alone = { inputs: fixed(inputs), outputs: fixed(outputs) };
  const { stateful, model } = fixture({ maxBatchSize: 8 }, alone);
  expect(stateful.info.warnings).toMatchObject([{ type: "unsupported-setting", setting: "maxBatchSize" }]);
  expect(fixture({}, alone).stateful.info.warnings).toEqual([]);
  const answers = ["a", "b"].map((key) => stateful.predict(stepOf([1]), { key }));
  for (let turn = 0; turn < 3; turn += 1) {
    await settled();
    model.open.forEach((run) => run.finish());
  }
  await Promise.all(answers);
  expect(model.runs.map(({ inputs: { x } }) => x!.shape[0])).toEqual([1, 1]);
});

test("it is a step of a pipeline, whose requests carry the key", async () => {
  const { stateful, model, environment } = fixture();
  const counter = pipeline([(value: number) => stepOf([value]), stateful, countIn], { environment });
  const answer = counter.predict(3, { key: "a" });
  await settled();
  model.runs[0]!.finish();
  expect(await answer).toBe(0);
});

test("requests in tensors are steps too, with the outputs that they name", async () => {
  const { stateful, model } = fixture();
  const ask = (outputs: readonly string[]): Promise<TensorMap> =>
    stateful.predictTensors!(stepOf([1]), { key: "a", outputs });
  await expect(ask(["memoryN"])).rejects.toMatchObject({ code: "TENSOR_NAME_MISMATCH" });
  await expect(ask([])).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
  const answer = ask(["seen"]);
  await settled();
  model.runs[0]!.finish();
  expect(Object.keys(await answer)).toEqual(["seen"]);
});

test("closing answers what is under way, then closes the predictor", async () => {
  const { stateful, model } = fixture();
  const answer = stateful.predict(stepOf([1]), { key: "a" });
  await settled();
  const closing = stateful.close();
  await expect(stateful.predict(stepOf([1]), { key: "a" })).rejects.toMatchObject({ code: "CLOSED" });
  expect(model.closeCount).toBe(0);
  model.runs[0]!.finish();
  expect(countIn(await answer)).toBe(0);
  await closing;
  expect(model.closeCount).toBe(1);
  expect(stateful.sessions().sessions).toBe(0);
});

test.each([
  [{ states: {} }, "states"],
  [{ states: { other: "memoryN" } }, "states.other"],
  [{ states: { memory: "other" } }, "states.memory.output"],
  [{ states: { memory: { output: "memoryN", batchAxis: 3 } } }, "states.memory.batchAxis"],
  [{ states: { memory: "memoryN", x: "memoryN" } }, "states.x.initial"],
  [{ history: { y: 1 } }, "history.y"],
  [{ history: { x: 0 } }, "history.x"],
  [{ history: { rate: 1 } }, "history.rate"],
  [{ maxBatchSize: 0 }, "maxBatchSize"],
  [{ maxParallelRuns: 0.5 }, "maxParallelRuns"],
  [{ maxQueueSize: 0 }, "maxQueueSize"],
  [{ maxSessions: 0 }, "maxSessions"],
  [{ idleTimeoutMs: 0 }, "idleTimeoutMs"],
  [{ whenFull: "wait" as "evict" }, "whenFull"],
] satisfies [Partial<StatefulOptions>, string][] as [Partial<StatefulOptions>, string][])(
  "refuses %j",
  (options, option) => {
    let refusal: unknown;
    try {
      fixture(options);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: "INVALID_OPTIONS", option });
  },
);

test("a step with other rows than those whose end is kept before it is refused, whatever the states", async () => {
  const signature: Signature = {
    inputs: [
      { name: "x", dtype: "float64", shape: ["batch", null] },
      { name: "memory", dtype: "float64", shape: [1] },
    ],
    outputs: [
      { name: "seen", dtype: "float64", shape: ["batch", null] },
      { name: "memoryN", dtype: "float64", shape: [1] },
    ],
  };
  const inner = definePredictor<TensorMap, TensorMap>({
    name: "echo",
    version: "1",
    signature,
    predict: ({ x, memory }) => ({ seen: x!, memoryN: memory! }),
  });
  await using stateful = statefulPredictor(inner, { states: { memory: "memoryN" }, history: { x: 1 } });
  const step = (values: readonly number[], rows: number): Promise<TensorMap> =>
    stateful.predict({ x: tensor("float64", values, [rows, values.length / rows]) }, { key: "a" });
  await step([1, 2], 1);
  await expect(step([3, 4, 5, 6], 2)).rejects.toMatchObject({ code: "INVALID_OPTIONS", option: "key" });
  const { seen } = await step([7, 8], 1);
  expect([...(seen as Tensor<"float64">).data]).toEqual([2, 7, 8]);
});
