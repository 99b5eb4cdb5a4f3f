import { describe, expect, test } from "vitest";

import { type DType, dtypes, type NumericDType, typedArrayByDType } from "../tensor/dtype.ts";
import { type Tensor, tensor, type TensorMap } from "../tensor/tensor.ts";
import { errorOf, isolations, order, startFakeSession } from "./worker.fixtures.ts";

const edges: { readonly [D in NumericDType]: readonly (number | bigint)[] } = {
  float32: [0, -0, 1.5, Number.NaN, Infinity, -Infinity],
  float64: [0, -0, Number.EPSILON, Number.NaN, Infinity, Number.MAX_VALUE],
  // Bits: 1, the smallest subnormal, NaN, -Infinity, -0, the largest.
  float16: [0x3c00, 1, 0x7e01, 0xfc00, 0x8000, 0x7bff],
  int8: [-128, 127, 0, -1, 1, 2],
  uint8: [0, 255, 1, 2, 3, 4],
  int16: [-32768, 32767, 0, -1, 1, 2],
  uint16: [0, 65535, 1, 2, 3, 4],
  int32: [-(2 ** 31), 2 ** 31 - 1, 0, -1, 1, 2],
  uint32: [0, 2 ** 32 - 1, 1, 2, 3, 4],
  int64: [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 1n, 2n],
  uint64: [0n, 2n ** 64n - 1n, 1n, 2n, 3n, 4n],
  bool: [0, 1, 1, 0, 0, 1],
};
const strings = ["", "plain", "zwölf Boxkämpfer", "\u0000", "🦆", "\ud800"];

/** Six elements that are hard to carry, as `[2, 3]`. */
function sample(dtype: DType): Tensor {
  if (dtype === "string") return tensor("string", strings, [2, 3]);
  const data = new typedArrayByDType[dtype](6);
  for (const [index, value] of edges[dtype].entries()) data[index] = value as never;
  return { dtype, shape: [2, 3], data } as Tensor;
}

const values = (tensors: TensorMap, name: string): unknown[] => [...tensors[name]!.data];
const row = (...numbers: number[]): TensorMap => ({ x: tensor("float32", numbers) });

describe.each(isolations)("a session in a worker %s", (isolation) => {
  test("has the properties of the one there", async () => {
    await using fake = await startFakeSession({ isolation });
    expect({ ...fake.session }).toEqual({
      inputs: [{ name: "x", dtype: "float32", shape: ["batch", null, 3] }],
      outputs: [{ name: "y", dtype: "string", shape: undefined }],
      device: "fake of 1 2 3",
      maxBatchSize: Infinity,
      supportsParallelRuns: false,
      precision: { relative: 0.5, absolute: 0.25 },
      warnings: [{ type: "other", message: "it is a fake" }],
    });
  });

  test("carries every dtype there and back, bit by bit, also with no elements and none of a rank", async () => {
    await using fake = await startFakeSession({ isolation });
    const tensors: Record<string, Tensor> = { __proto__: null as never };
    for (const dtype of dtypes) {
      const full = sample(dtype);
      tensors[dtype] = full;
      tensors[`${dtype} empty`] = { ...full, shape: [0, 3], data: full.data.slice(0, 0) } as Tensor;
      tensors[`${dtype} scalar`] = { ...full, shape: [], data: full.data.slice(0, 1) } as Tensor;
    }
    const outputs = await fake.session.doRun(order("echo", tensors), {});
    // `toEqual` tells -0 from 0, one typed array from another, and the bits of NaN below.
    expect(outputs).toEqual({ ...tensors });
    const bits = (name: string): bigint[] => [
      ...new BigUint64Array((outputs[name]!.data as Float64Array).slice().buffer),
    ];
    expect(bits("float64")).toEqual([
      ...new BigUint64Array((tensors["float64"]!.data as Float64Array).buffer),
    ]);
  });

  test("carries names that objects have of their own", async () => {
    await using fake = await startFakeSession({ isolation });
    const tensors = Object.fromEntries(
      ["__proto__", "constructor", ""].map((name, index) => [name, tensor("int8", [index])]),
    );
    const outputs = await fake.session.doRun(
      { ...order("echo"), ...tensors, ["__proto__"]: tensors["__proto__"]! },
      {},
    );
    expect(Object.keys(outputs).toSorted()).toEqual(["", "__proto__", "constructor"]);
    expect(Object.getOwnPropertyDescriptor(outputs, "__proto__")!.value).toEqual(tensor("int8", [0]));
  });

  test("carries large tensors", async () => {
    await using fake = await startFakeSession({ isolation });
    const data = Float64Array.from({ length: 4 * 1024 * 1024 }, (_, index) => index);
    const outputs = await fake.session.doRun(order("echo", { x: tensor("float64", data) }), {});
    expect(
      Buffer.compare(Buffer.from((outputs["x"]!.data as Float64Array).buffer), Buffer.from(data.buffer)),
    ).toBe(0);
  });

  test("computes the outputs that are asked for", async () => {
    await using fake = await startFakeSession({ isolation });
    const inputs = order("echo", { x: tensor("int8", [1]), y: tensor("int8", [2]) });
    expect(await fake.session.doRun(inputs, { outputs: ["y"] })).toEqual({ y: tensor("int8", [2]) });
    expect(Object.keys(await fake.session.doRun(inputs, {}))).toEqual(["x", "y"]);
  });

  test.each([false, true])(
    "gives each of many runs that overlap its own result (in parallel there: %s)",
    async (supportsParallelRuns) => {
      await using fake = await startFakeSession({ isolation, supportsParallelRuns });
      const runs = Array.from({ length: 200 }, (_, index) =>
        fake.session.doRun(order("echo", row(...Array.from({ length: index }, () => index))), {}),
      );
      for (const [index, outputs] of (await Promise.all(runs)).entries()) {
        expect(values(outputs, "x")).toEqual(Array.from({ length: index }, () => index));
      }
    },
  );

  test("may be given inputs that are parts of larger memory, in its sender's hands throughout", async () => {
    await using fake = await startFakeSession({ isolation });
    const batchMemory = Float32Array.from({ length: 1000 }, (_, index) => index);
    const x = tensor("float32", batchMemory.subarray(10, 13));
    const shared = new Float32Array(new SharedArrayBuffer(4096), 400, 2).fill(0.5);
    for (const command of ["echo", "scribble", "echo"] as const) {
      const outputs = await fake.session.doRun(order(command, { x, shared: tensor("float32", shared) }), {});
      if (command !== "echo") continue;
      expect(values(outputs, "x")).toEqual([10, 11, 12]);
      expect(values(outputs, "shared")).toEqual([0.5, 0.5]);
    }
    expect([...batchMemory]).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect([...shared]).toEqual([0.5, 0.5]);
    x.data.fill(7);
    expect(values(await fake.session.doRun(order("echo", { x }), {}), "x")).toEqual([7, 7, 7]);
  });

  test("gives outputs that share memory with nothing", async () => {
    await using fake = await startFakeSession({ isolation });
    const inputs = order("alias", row(1, 2));
    const [first, second] = [await fake.session.doRun(inputs, {}), await fake.session.doRun(inputs, {})];
    const buffers = [inputs, first!, second!]
      .flatMap((tensors) => Object.values(tensors))
      .flatMap(({ data }) => (ArrayBuffer.isView(data) ? [data.buffer] : []));
    expect(buffers).toHaveLength(11);
    expect(new Set(buffers).size).toBe(buffers.length);
    for (const outputs of [first!, second!]) {
      expect(values(outputs, "again")).toEqual([1, 2]);
      expect(values(outputs, "part")).toEqual([3, 4, 5, 6]);
      expect(outputs["part"]!.data).toHaveProperty("buffer.byteLength", 16);
      expect(outputs["restAgain"]).toEqual(outputs["rest"]);
    }
  });

  test("sends no more of a tensor than a tensor is", async () => {
    await using fake = await startFakeSession({ isolation });
    const x = { ...tensor("int8", [1]), dispose: () => {} };
    expect(await fake.session.doRun(order("echo", { x }), {})).toEqual({ x: tensor("int8", [1]) });
  });

  test("tells an abort to a run that is under way", async () => {
    await using fake = await startFakeSession({ isolation, supportsParallelRuns: true });
    const controller = new AbortController();
    const run = errorOf(fake.session.doRun(order("wait"), { signal: controller.signal }));
    await fake.session.doRun(order("echo"), {});
    controller.abort("enough");
    expect(await run).toMatchObject({ code: "ABORTED", stage: "running", cause: "enough" });
  });

  test("does not run what has been aborted before its turn", async () => {
    await using fake = await startFakeSession({ isolation });
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = errorOf(fake.session.doRun(order("wait"), { signal: first.signal }));
    const behind = errorOf(fake.session.doRun(order("exit"), { signal: second.signal }));
    const early = errorOf(fake.session.doRun(order("exit"), { signal: AbortSignal.abort("before") }));
    second.abort("while it waited");
    first.abort("while it ran");
    expect(await waiting).toMatchObject({ code: "ABORTED", cause: "while it ran" });
    expect(await behind).toMatchObject({ code: "ABORTED", cause: "while it waited" });
    expect(await early).toMatchObject({ code: "ABORTED", cause: "before" });
    expect(await fake.session.doRun(order("echo", row(1)), {})).toEqual(row(1));
  });

  test("fails as the run there failed", async () => {
    await using fake = await startFakeSession({ isolation });
    const { session } = fake;
    const untyped = await errorOf(session.doRun(order("throw"), {}));
    expect(untyped).toMatchObject({ code: "BACKEND_FAILED", backend: "fake", problem: "the kernel failed" });
    expect(untyped.cause).toMatchObject({ name: "RangeError", message: "the kernel failed." });
    const typed = await errorOf(session.doRun(order("throw typed"), {}));
    expect(typed).toMatchObject({
      name: "InvalidInputError",
      code: "INVALID_INPUT",
      message: "The input is not valid: x.3: is odd.",
      issues: [{ path: ["x", 3], message: "is odd" }],
      cause: { message: "why" },
    });
    expect(await errorOf(session.doRun(order("throw unsendable"), {}))).toMatchObject({ code: "CLOSED" });
    expect(await errorOf(session.doRun(order("give a function"), {}))).toMatchObject({
      code: "BACKEND_FAILED",
    });
    expect(await session.doRun(order("echo", row(1)), {})).toEqual(row(1));
  });

  test("fails inputs that cannot be sent, and those alone", async () => {
    await using fake = await startFakeSession({ isolation });
    const x = { dtype: "string", shape: [1], data: [() => {}] } as never;
    await expect(fake.session.doRun(order("echo", { x }), {})).rejects.toThrow("could not be cloned");
    expect(await fake.session.doRun(order("echo", row(1)), {})).toEqual(row(1));
  });

  test("may print as much as it likes", async () => {
    await using fake = await startFakeSession({ isolation, load: "print" });
    const outputs = await fake.session.doRun(order("print", row(1)), {});
    expect(values(outputs, "waiting")).toEqual([0]);
    expect(await fake.session.doRun(order("echo", row(1)), {})).toEqual(row(1));
  });

  test("may give the memory of its inputs away", async () => {
    await using fake = await startFakeSession({ isolation });
    for (const command of ["detach", "detach", "echo"] as const) {
      const outputs = await fake.session.doRun(order(command, row(1)), {});
      expect(outputs).toEqual(command === "echo" ? row(1) : {});
    }
  });

  test("takes no runs once it is released", async () => {
    await using fake = await startFakeSession({ isolation });
    await fake.session.release();
    expect(await errorOf(fake.session.doRun(order("echo"), {}))).toMatchObject({
      code: "BACKEND_FAILED",
      problem: "the session has been released",
    });
  });
});
