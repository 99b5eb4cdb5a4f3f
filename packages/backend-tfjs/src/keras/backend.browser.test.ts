import { describe, expect, test } from "vitest";

import type { TfjsDevice } from "../device.ts";
import type { FixtureCase } from "./keras-models.fixtures.ts";
import fixtures from "./keras-models.fixtures.json" with { type: "json" };
import { largestDifference } from "./largest-difference.fixtures.ts";
import { serve } from "./serve.fixtures.ts";

/** A saved model, unpacked as a page does it. */
async function unpack(file: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(file), (character) => character.codePointAt(0)!);
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

const names = ["price", "shared_layer", "bidirectional_gru", "conv2d_same_strides", "two_in_two_out"];
// JSON has strings where the generator's types name them one by one.
const all = (fixtures.cases as readonly FixtureCase[]).flatMap(({ files, ...one }) =>
  Object.entries(files).map(([extension, file]) => ({ ...one, extension, file })),
);
const cases = all.filter(({ name }) => names.includes(name));
/** A graphics card may round otherwise than Keras on a processor. */
const tolerances: Partial<Record<TfjsDevice, number>> = { wasm: 1e-5, webgpu: 1e-4, webgl: 1e-4 };

describe.each(Object.entries(tolerances))("a page serves Keras files on %s:", (device, tolerance) => {
  test.each(cases)("$name $extension by $writer", async ({ file, inputs, outputs }) => {
    // The table's own keys.
    const served = await serve(await unpack(file), device as TfjsDevice, inputs);
    expect(largestDifference(served, outputs)).toBeLessThanOrEqual(tolerance);
  });
});

test("both extensions are among them", () => {
  expect(new Set(cases.map(({ extension }) => extension))).toEqual(new Set([".keras", ".h5"]));
});

test.each(
  all.filter(({ name, writer }) => /^(embedding_masked_lstm|masking_gru)$/.test(name) && writer === "keras"),
)("what WebGPU computes wrongly is refused there: $name $extension", async ({ file, inputs, outputs }) => {
  const model = await unpack(file);
  await expect(serve(model, "webgpu", inputs)).rejects.toMatchObject({
    code: "UNSUPPORTED",
    message: expect.stringMatching(/computes wrongly on webgpu/),
  });
  expect(largestDifference(await serve(model, ["webgpu", "wasm"], inputs), outputs)).toBeLessThanOrEqual(
    1e-5,
  );
});
