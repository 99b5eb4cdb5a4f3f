import { describe, expect, test } from "vitest";

import { createPredictor } from "../predictor/create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession } from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import type { Dimension } from "../tensor/tensor-info.ts";
import type { BatchingOptions } from "./options.ts";
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

test.each<[BatchingOptions | false | undefined, Dimension[], runs: number, warnings: number]>([
  [undefined, ["sequence", 2], 2, 0],
  [{}, ["sequence", 2], 2, 1],
  [{ maxBatchSize: 8 }, [3, 2], 2, 1],
  [{ rowsAreIndependent: true }, ["sequence", 2], 1, 0],
  [{ rowsAreIndependent: false }, ["batch", 2], 2, 0],
  [{}, ["batch", 2], 1, 0],
  [false, ["batch", 2], 2, 0],
])(
  "with batching: %j, requests of shape %j take %i runs; %i warnings",
  async (batching, shape, runs, warnings) => {
    const session = new EchoSession(shape);
    const predictor = await createPredictor({
      model: fakeModel,
      warmup: false,
      backend: fakeBackend(session),
      batching,
    });
    await Promise.all([1, 2].map(() => predictor.predict(ofShape(3, 2))));
    expect(session.shapes).toHaveLength(runs);
    expect(predictor.info.warnings).toHaveLength(warnings);
  },
);

test.each<[BatchingOptions | false | undefined, runs: number, warning: string | undefined]>([
  [undefined, 2, "the model looks around. Runs are shared only if"],
  [{}, 2, "the model looks around. Runs are shared only if"],
  [{ sequences: { dimension: "length" } }, 2, "the model looks around. Runs are shared only if"],
  [{ rowsAreIndependent: true }, 1, "set `batching` to false"],
  [{ rowsAreIndependent: false }, 2, undefined],
  [false, 2, undefined],
])(
  "with batching: %j, requests whose rows depend on each other take %i runs",
  async (batching, runs, warning) => {
    const session = new (class extends EchoSession {
      readonly rowDependence = "looks around";
    })(["batch", 2]);
    const backend = fakeBackend(session);
    const predictor = await createPredictor({ model: fakeModel, warmup: false, backend, batching });
    await Promise.all([1, 2].map(() => predictor.predict(ofShape(3, 2))));
    expect(session.shapes).toHaveLength(runs);
    const messages = predictor.info.warnings.map(({ message }) => message);
    expect(messages).toHaveLength(warning === undefined ? 0 : 1);
    expect(messages.join("")).toContain(warning ?? "");
  },
);

test("a model whose signature names the batch elsewhere cannot be said to have it first", async () => {
  const session = new EchoSession(["time", "batch", 2]);
  const predictor = createPredictor({
    model: fakeModel,
    backend: fakeBackend(session),
    batching: { rowsAreIndependent: true },
  });
  await expect(predictor).rejects.toMatchObject({
    code: "INVALID_OPTIONS",
    option: "batching.rowsAreIndependent",
    message: expect.stringContaining("[time, batch, 2]"),
  });
  expect(session.releaseCount).toBe(1);
});

describe("a request of more rows than the model takes", () => {
  const run = async (batching: BatchingOptions | false | undefined, shape: Dimension[]) => {
    const session = Object.assign(new EchoSession(shape), { maxBatchSize: 4 });
    const predictor = await createPredictor({
      model: fakeModel,
      warmup: false,
      backend: fakeBackend(session),
      batching,
    });
    return { session, answer: predictor.predict(ofShape(9, 2)) };
  };

  test.each([undefined, false, {}])("runs in parts, with batching: %j", async (batching) => {
    const { session, answer } = await run(batching, ["batch", 2]);
    expect(await answer).toEqual({ y: ofShape(9, 2)["x"] });
    expect(session.shapes).toEqual([
      [4, 2],
      [4, 2],
      [1, 2],
    ]);
  });

  test.each([undefined, false, {}])(
    "is refused where rows may depend on each other: %j",
    async (batching) => {
      const { session, answer } = await run(batching, ["time", 2]);
      await expect(answer).rejects.toMatchObject({
        code: "SHAPE_MISMATCH",
        tensor: "x",
        actual: [9, 2],
        message: expect.stringContaining("a run takes 4 at most"),
      });
      expect(session.shapes).toEqual([]);
    },
  );
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
