import * as core from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../../../scripts/test/requirement.ts";
import type { TfjsDevice } from "../device.ts";
import { kerasModels, unpack } from "./keras-models.fixtures.ts";
import { largestDifference } from "./largest-difference.fixtures.ts";
import { serve } from "./serve.fixtures.ts";

/** Models of which no part is left out where all of them would take long. */
const names = [
  "price",
  "shared_layer",
  "bidirectional_gru",
  "conv2d_same_strides",
  "two_in_two_out",
  "odd_names",
];
/** Models with a layer in float16, whose own rounding they are compared with. */
const tolerances: Readonly<Record<string, number>> = { mixed_precision: 2e-2 };
const all = kerasModels.cases.flatMap(({ files, ...one }) =>
  Object.entries(files).map(([extension, file]) => ({ ...one, extension, file })),
);
const some = all.filter(({ name }) => names.includes(name));

async function expectServed(
  { name, file, inputs, outputs }: (typeof all)[number],
  device: TfjsDevice | readonly TfjsDevice[],
): Promise<void> {
  const artifact = unpack(file);
  await serve(artifact, device, inputs);
  const before = core.engine().memory().numTensors;
  const served = await serve(artifact, device, inputs);
  expect(largestDifference(served, outputs)).toBeLessThanOrEqual(tolerances[name] ?? 1e-5);
  expect(core.engine().memory().numTensors).toBe(before);
}

describe("the backend serves, on cpu,", () => {
  test.each(some)("$name $extension by $writer", (one) => expectServed(one, "cpu"));
});

// Of what that engine computes wrongly, below.
const wrongOnWasm = all.filter(({ name }) => name === "conv3d_transpose");

describe("the backend serves, on wasm,", () => {
  test.each(all.filter((one) => !wrongOnWasm.includes(one)))("$name $extension by $writer", (one) =>
    expectServed(one, "wasm"),
  );
});

describe("what wasm computes wrongly", () => {
  test.each(wrongOnWasm)("is refused there: $name $extension by $writer", async (one) => {
    const before = core.engine().memory().numTensors;
    await expect(serve(unpack(one.file), "wasm", one.inputs)).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringMatching(/a Conv3DTranspose, .* wrongly on wasm.*\["wasm", "cpu"\]/),
    });
    expect(core.engine().memory().numTensors).toBe(before);
    await expectServed(one, ["wasm", "cpu"]);
  });

  // When this fails, the fault is gone: take Conv3DTranspose out of refuse-wrong-layers.ts.
  test("is wrong by TensorFlow.js alone", async () => {
    const current = core.getBackend();
    try {
      const [right, wrong] = [await transposeOn("cpu"), await transposeOn("wasm")];
      const differences = right.map((value, index) => Math.abs(value - wrong[index]!));
      expect(Math.max(...differences)).toBeGreaterThan(0.1);
    } finally {
      if (current) await core.setBackend(current);
    }
  });
});

/** A transposed convolution of eight ones by steps of 2, by TensorFlow.js alone. */
async function transposeOn(device: TfjsDevice): Promise<number[]> {
  await core.setBackend(device);
  return core.tidy(() => {
    const x = core.tensor5d(new Float32Array(8).fill(1), [1, 2, 2, 2, 1]);
    const filter = core.tensor5d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2, 1, 1]);
    return [...core.conv3dTranspose(x, filter, [1, 4, 4, 4, 1], 2, "valid").dataSync()];
  });
}

describeWith(requirement("tfjs-node"), "the backend serves, on tensorflow,", () => {
  test.each(some)("$name $extension by $writer", (one) => expectServed(one, "tensorflow"));
});
