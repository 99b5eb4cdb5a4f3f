import { describe, expect, test } from "vitest";

import { createPredictor } from "../predictor/create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession } from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import type { Dimension } from "../tensor/tensor-info.ts";
import { doubled, outcomesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

test("requests for other outputs never share a run, and each gets its own", async () => {
  const setup = new SchedulerSetup({ maxBatchSize: 4 });
  const lists = [["y"], ["z"], undefined, ["y", "z"]];
  for (const value of range(1, 24)) setup.submit(value, { outputs: lists[value % 4] });
  await setup.runAll();
  for (const { values, options } of setup.session.runs) {
    expect(values.map((value) => lists[value % 4])).toEqual(values.map(() => options.outputs));
  }
  expect(setup.session.runs.length).toBeLessThanOrEqual(8);
  for (const { values, result } of setup.submissions) {
    const [value] = values as [number];
    const all = { y: [2 * value], z: [-value] };
    const expected = (lists[value % 4] ?? ["y", "z"]).map((name) => [name, all[name as "y" | "z"]]);
    expect(Object.entries(result!.outputs).map(([name, { data }]) => [name, [...data]])).toEqual(expected);
  }
});

/** A session whose one input has this shape, that gives it back as `y`. */
class EchoSession extends FakeSession {
  override readonly inputs;
  override readonly outputs;
  readonly shapes: (readonly number[])[] = [];

  constructor(shape: readonly Dimension[] | undefined) {
    super();
    this.inputs = [{ name: "x", dtype: "float32" as const, shape }];
    this.outputs = [{ name: "y", dtype: "float32" as const, shape }];
  }

  override async doRun({ x }: TensorMap): Promise<TensorMap> {
    this.shapes.push(x!.shape);
    await Promise.resolve();
    return { y: { ...x!, data: x!.data.slice() } as typeof x & object };
  }
}

const ofShape = (...shape: number[]): TensorMap => {
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    x: tensor(
      "float32",
      Float32Array.from({ length: count }, (_, index) => index + count),
      shape,
    ),
  };
};

test("requests of other lengths never share a run", async () => {
  const session = new EchoSession(["batch", "length"]);
  const predictor = await createPredictor({ model: fakeModel, warmup: false, backend: fakeBackend(session) });
  const lengths = range(1, 30).map((value) => 1 + (value % 3));
  const results = await Promise.all(lengths.map((length) => predictor.predict(ofShape(2, length))));
  expect(results.map(({ y }) => y)).toEqual(lengths.map((length) => ofShape(2, length)["x"]));
  expect(session.shapes).toEqual([
    [20, 2],
    [20, 3],
    [20, 1],
  ]);
});

test.each<[what: string, Dimension[] | undefined]>([
  ["whose rank nobody knows", undefined],
  ["with a fixed first dimension", [3, 2]],
])("requests to a model %s do not share, even when that is asked for", async (_, shape) => {
  const session = new EchoSession(shape);
  const backend = fakeBackend(session);
  const predictor = await createPredictor({
    model: fakeModel,
    warmup: false,
    backend,
    batching: { maxBatchSize: 2 },
  });
  const results = await Promise.all([1, 2].map(() => predictor.predict(ofShape(3, 2))));
  expect(results.map(({ y }) => y)).toEqual([ofShape(3, 2)["x"], ofShape(3, 2)["x"]]);
  expect(session.shapes).toEqual([
    [3, 2],
    [3, 2],
  ]);
});

test("a time axis is not shared unless the caller says that it is a batch", async () => {
  for (const [batching, runs] of [
    [undefined, 2],
    [{}, 1],
    [false, 2],
  ] as const) {
    const session = new EchoSession(["sequence", 2]);
    const predictor = await createPredictor({
      model: fakeModel,
      warmup: false,
      backend: fakeBackend(session),
      batching,
    });
    await Promise.all([1, 2].map(() => predictor.predict(ofShape(3, 2))));
    expect(session.shapes).toHaveLength(runs);
  }
});

test("no run has more rows than the model takes", async () => {
  const session = Object.assign(new FakeSession(), { maxBatchSize: 3 });
  const environment = new FakeEnvironment();
  const predictor = await createPredictor({
    model: fakeModel,
    warmup: false,
    backend: fakeBackend(session),
    environment,
  });
  await Promise.all(range(1, 10).map((value) => predictor.predict({ x: tensor("float32", [value]) })));
  expect(session.runs.map(({ values }) => values.length)).toEqual([3, 3, 3, 1]);
});

describe("a model whose outputs are not the rows of its inputs", () => {
  /** Makes the session give one row for a whole run, as a mean does. */
  const average = (session: FakeSession): void => {
    const doRun = session.doRun.bind(session);
    session.doRun = async (inputs, options) => {
      const { z } = await doRun(inputs, options);
      return { y: tensor("float32", [inputs["x"]!.data.length]), z: z! };
    };
  };

  test("has its requests run one by one from then on, and answers each", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 8 });
    average(setup.session);
    setup.submitEach(...range(1, 8));
    await settled();
    setup.submitEach(...range(9, 12));
    await setup.runAll();
    expect(setup.batches).toEqual([range(1, 8), ...range(1, 12).map((value) => [value])]);
    expect(outcomesOf(setup.submissions)).toEqual(setup.submissions.map(() => [[1]]));
  });

  test("has a request of more rows than a batch run whole", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 2 });
    average(setup.session);
    setup.submit(range(1, 5));
    await setup.runAll();
    expect(setup.batches.at(-1)).toEqual(range(1, 5));
    expect(outcomesOf(setup.submissions)).toEqual([[[5]]]);
    const before = setup.batches.length;
    setup.submit(range(1, 7));
    setup.submit(8);
    await setup.runAll();
    expect(setup.batches.slice(before)).toEqual([range(1, 7), [8]]);
  });
});

test("results of the same run do not hold each other's memory", async () => {
  const setup = new SchedulerSetup();
  setup.submitEach(...range(1, 10));
  await setup.runAll();
  const buffers = setup.submissions.map(({ result }) => (result!.outputs["y"]!.data as Float32Array).buffer);
  expect(new Set(buffers).size).toBe(10);
  expect(buffers.map(({ byteLength }) => byteLength)).toEqual(buffers.map(() => 4));
  setup.submitEach(...range(11, 20));
  await setup.runAll();
  expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
});
