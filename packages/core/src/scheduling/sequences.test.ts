import { onnx } from "@mlops/backend-onnx";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Backend } from "../backend/backend.ts";
import { defineModel } from "../model/define-model.ts";
import { createPredictor } from "../predictor/create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession } from "../predictor/fake-backend.fixtures.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import type { Dimension, TensorInfo } from "../tensor/tensor-info.ts";
import { encoderModel } from "./encoder-model.fixtures.ts";
import type { BatchingOptions } from "./options.ts";
import { checkSequences } from "./sequence-layout.ts";
import type { SequenceBatching } from "./sequence-options.ts";

/** A request of so many rows and positions; the last of each row is masked where there are several. */
function tokensOf(rows: number, length: number, salt: number): TensorMap {
  const of = (valueAt: (row: number, position: number) => number): TensorMap[string] =>
    tensor(
      "int64",
      BigInt64Array.from({ length: rows * length }, (_, index) =>
        BigInt(valueAt(Math.floor(index / length), index % length)),
      ),
      [rows, length],
    );
  return {
    input_ids: of((row, position) => (salt * 31 + row * 17 + position * 5) % 100),
    attention_mask: of((row, position) => (position > 0 && position >= length - row ? 0 : 1)),
    token_type_ids: of((_row, position) => (position * 2 > length ? 1 : 0)),
  };
}

/** The encoder in the real runtime on this thread, and the shapes that it was run with. */
async function openEncoder(batching: BatchingOptions | false) {
  const shapes: (readonly number[])[] = [];
  const real = onnx();
  const backend: Backend = {
    specificationVersion: "v1",
    name: "recording",
    async load(artifact, options) {
      const session = await real.load(artifact, options);
      const doRun = session.doRun.bind(session);
      return Object.assign(session, {
        doRun: (...[inputs, runOptions]: Parameters<typeof doRun>) => {
          shapes.push(inputs["input_ids"]!.shape);
          return doRun(inputs, runOptions);
        },
      });
    },
  };
  const model = defineModel({ name: "encoder", version: "1", artifact: encoderModel() });
  const predictor: Predictor = await createPredictor({ model, backend, batching });
  return { predictor, shapes };
}

describe("sequences of an encoder", () => {
  const mask = "attention_mask";

  test.each<SequenceBatching>([
    { mask },
    { mask, padTo: "bucket" },
    { mask, padding: { input_ids: 99, token_type_ids: 1 } },
    { mask, lengths: [7, 40], padTo: "bucket" },
    { dimension: "sequence", lengths: [12] },
  ])("law: are answered in any batch as they are alone, unpadded: %j", async (sequences) => {
    const alone = await openEncoder(false);
    const { predictor, shapes } = await openEncoder({ maxBatchSize: 16, sequences });
    const request = fc.record({
      rows: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant(19)),
      length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 })),
      salt: fc.nat(1_000),
      outputs: fc.option(fc.constantFrom(["pooled"], ["scores", "pooled"]), { nil: undefined }),
    });
    let requestCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30, size: "max" }), async (requests) => {
        requestCount += requests.length;
        const answers = await Promise.all(
          requests.map(({ rows, length, salt, outputs }) =>
            predictor.predictTensors!(tokensOf(rows, length, salt), { outputs }),
          ),
        );
        for (const [index, { rows, length, salt, outputs }] of requests.entries()) {
          expect(answers[index]).toEqual(
            await alone.predictor.predictTensors!(tokensOf(rows, length, salt), { outputs }),
          );
        }
      }),
      { seed: 3, numRuns: 25 },
    );
    expect(shapes.length, "runs were shared").toBeLessThan(requestCount);
    await Promise.all([predictor.close(), alone.predictor.close()]);
  });

  const shapesOf = async (sequences: SequenceBatching, lengths: readonly number[]) => {
    const { predictor, shapes } = await openEncoder({ sequences });
    await Promise.all(lengths.map((length, salt) => predictor.predict(tokensOf(1, length, salt))));
    await predictor.close();
    return shapes;
  };

  test.each<[SequenceBatching, shapes: number[][]]>([
    [
      { mask },
      [
        [3, 15],
        [2, 17],
        [1, 70],
      ],
    ],
    [
      { mask, padTo: "bucket" },
      [
        [3, 16],
        [2, 32],
        [1, 128],
      ],
    ],
    [
      { mask, lengths: [10, 20] },
      [
        [2, 10],
        [3, 17],
        [1, 70],
      ],
    ],
    [
      { mask, lengths: [10, 20], padTo: "bucket" },
      [
        [2, 10],
        [3, 20],
        [1, 70],
      ],
    ],
    [{ mask, lengths: [500] }, [[6, 70]]],
  ])("share runs within a bucket: %j", async (sequences, shapes) => {
    expect(await shapesOf(sequences, [3, 10, 15, 17, 17, 70])).toEqual(shapes);
  });

  test("a lone one runs as it is, but for a bucket", async () => {
    expect(await shapesOf({ mask }, [5])).toEqual([[1, 5]]);
    expect(await shapesOf({ mask, padTo: "bucket" }, [5])).toEqual([[1, 16]]);
  });
});

/** A session of these inputs, that gives `y` back as the first of them. */
class EchoSession extends FakeSession {
  override readonly inputs: readonly TensorInfo[];
  override readonly outputs: readonly TensorInfo[];
  readonly shapes: (readonly number[])[] = [];

  constructor(inputs: Record<string, Dimension[] | undefined>, output: Dimension[]) {
    super();
    const entries = Object.entries(inputs);
    this.inputs = entries.map(([name, shape]) => ({ name, dtype: "float32", shape }));
    this.outputs = [{ name: "y", dtype: "float32", shape: output }];
  }

  override async doRun(inputs: TensorMap): Promise<TensorMap> {
    const first = inputs[this.inputs[0]!.name]!;
    this.shapes.push(first.shape);
    return { y: { ...first, data: first.data.slice() } as TensorMap[string] };
  }
}

const zeros = (...shape: number[]): TensorMap[string] =>
  tensor("float32", new Float32Array(shape.reduce((count, size) => count * size, 1)), shape);

const open = (session: FakeSession, sequences: SequenceBatching, more: BatchingOptions = {}) =>
  createPredictor({ model: fakeModel, backend: fakeBackend(session), batching: { ...more, sequences } });

describe("sequences whose dimension has no name", () => {
  test("are found by their axes", async () => {
    const session = new EchoSession({ x: ["batch", 2, null] }, ["batch", 2, null]);
    const predictor = await open(session, { axes: { x: 2, y: 2 } });
    const answers = await Promise.all([3, 5].map((length) => predictor.predict({ x: zeros(1, 2, length) })));
    expect(session.shapes).toEqual([[2, 2, 5]]);
    expect(answers.map(({ y }) => y!.shape)).toEqual([
      [1, 2, 3],
      [1, 2, 5],
    ]);
  });

  test("run by themselves when a request's tensors differ in length", async () => {
    const session = new EchoSession({ x: ["batch", null], m: ["batch", null] }, ["batch", null]);
    const predictor = await open(session, { axes: { x: 1, m: 1, y: 1 } });
    const answers = await Promise.all(
      [3, 3, 5].map((length) => predictor.predict({ x: zeros(1, length), m: zeros(1, 5) })),
    );
    expect(session.shapes).toEqual([
      [1, 3],
      [1, 3],
      [1, 5],
    ]);
    expect(answers.map(({ y }) => y!.shape)).toEqual(session.shapes);
  });

  test("are answered where an output is not as long as it was said to be, each by a run of its own", async () => {
    const session = new EchoSession({ x: ["batch", null] }, ["batch", null]);
    const doRun = session.doRun.bind(session);
    session.doRun = async (inputs) => ({ y: zeros((await doRun(inputs))["y"]!.shape[0]!, 2) });
    const predictor = await open(session, { axes: { x: 1, y: 1 } });
    const answers = await Promise.all([3, 5].map((length) => predictor.predict({ x: zeros(1, length) })));
    expect(answers.map(({ y }) => y!.shape)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe("options that are not right", () => {
  test.each<[option: string, unknown]>([
    ["batching.sequences", null],
    ["batching.sequences", true],
    ["batching.sequences", {}],
    ["batching.sequences.padTo", { mask: "m", padTo: "end" }],
    ...[[], [0], [1.5], [8, 8], [16, 8], "8", null].map((lengths): [string, unknown] => [
      "batching.sequences.lengths",
      { mask: "m", lengths },
    ]),
  ])("are refused before anything is loaded: %s, %j", (option, sequences) => {
    expect(() => checkSequences(sequences as SequenceBatching)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option }),
    );
  });

  const inputs = { x: ["batch", "sequence"], m: ["batch", "sequence"], c: ["batch", 3], n: ["batch", null] };

  test.each<[option: string, SequenceBatching, message: string]>([
    ["batching.sequences.mask", { mask: "mask" }, "x [batch, sequence], m [batch, sequence]"],
    ["batching.sequences.mask", { mask: "c", dimension: "sequence" }, "give its axis"],
    ["batching.sequences.dimension", { mask: "n" }, "which no input has"],
    ["batching.sequences.dimension", { dimension: "length" }, '"length", which no input has'],
    ["batching.sequences.dimension", { dimension: "batch" }, "which no input has"],
    ["batching.sequences.axes.z", { axes: { z: 1 } }, "no tensor of the model"],
    ["batching.sequences.axes.x", { axes: { x: 0 } }, "no dimension after the first that varies"],
    ["batching.sequences.axes.x", { axes: { x: 2 } }, "no dimension after the first that varies"],
    ["batching.sequences.axes.c", { axes: { c: 1 } }, "c [batch, 3]"],
    ["batching.sequences.padding.m", { mask: "m", padding: { m: 1 } }, "the mask is padded with 0"],
    ["batching.sequences.padding.c", { mask: "m", padding: { c: 1 } }, "not padded"],
    ["batching.sequences.padding.x", { mask: "m", padding: { x: Number.NaN } }, "has to be a number"],
    ["batching.sequences.padding.x", { mask: "m", padding: { x: "0" as never } }, "has to be a number"],
  ])("are refused when the model is known: %s, %j", async (option, sequences, message) => {
    const session = new EchoSession(inputs, ["batch", "sequence"]);
    await expect(open(session, sequences)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option,
      message: expect.stringContaining(message),
    });
    expect(session.releaseCount).toBe(1);
  });

  test.each([
    ["int64", 0.5],
    ["int64", 2 ** 60],
    ["uint8", 256],
    ["int8", -129],
    ["bool", 2],
    ["uint64", -1],
  ] as const)("%s cannot be padded with %d", async (dtype, value) => {
    const session = new EchoSession(inputs, ["batch"]);
    Object.assign(session, { inputs: [{ name: "x", dtype, shape: ["batch", "sequence"] }] });
    await expect(open(session, { dimension: "sequence", padding: { x: value } })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "batching.sequences.padding.x",
      message: expect.stringContaining("cannot hold"),
    });
  });

  test("strings are not padded", async () => {
    const session = new EchoSession(inputs, ["batch"]);
    Object.assign(session, { inputs: [{ name: "x", dtype: "string", shape: ["batch", "sequence"] }] });
    await expect(open(session, { dimension: "sequence" })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "batching.sequences",
    });
  });

  test("requests that do not share runs have nothing to pad", async () => {
    const session = new EchoSession({ x: ["time", "sequence"] }, ["time"]);
    await expect(open(session, { dimension: "sequence" })).rejects.toMatchObject({
      option: "batching.sequences",
      message: expect.stringContaining("rowsAreIndependent"),
    });
    const predictor = await open(
      new EchoSession({ x: ["row", "sequence"] }, ["row"]),
      { dimension: "sequence" },
      { rowsAreIndependent: true },
    );
    expect(predictor.info.warnings).toEqual([]);
  });
});
