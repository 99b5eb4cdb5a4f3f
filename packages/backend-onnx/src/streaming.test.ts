import {
  createPredictor,
  defineModel,
  statefulPredictor,
  tensor,
  type Tensor,
  type TensorMap,
} from "@mlops/core";
import { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-node";
import { expect, test } from "vitest";

import { onnx } from "./backend.ts";
import { voiceLikeSound } from "./voice-like-sound.fixtures.ts";

// Silero's voice activity detector, version 5: a published recurrent network whose state is
// [2, streams, 128], and which wants the last 64 samples of the frame before in front of each new one.

const artifact = new URL("../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx", import.meta.url);
const [frameSize, contextSize, frames] = [512, 64, 24];

/** The frames of one stream, each stream another sound. */
const framesOf = (stream: number): Float32Array[] => {
  const sound = voiceLikeSound(stream, frames * frameSize);
  return Array.from({ length: frames }, (_, index) =>
    sound.slice(index * frameSize, (index + 1) * frameSize),
  );
};

/** What the runtime by itself gives for a stream: a loop as the model's authors write it. */
async function rawProbabilities(stream: number): Promise<number[]> {
  const session = await InferenceSession.create(artifact.pathname, { intraOpNumThreads: 1 });
  const sr = new OnnxTensor("int64", [16_000n], []);
  let state = new OnnxTensor("float32", new Float32Array(2 * 128), [2, 1, 128]);
  let context = new Float32Array(contextSize);
  const probabilities: number[] = [];
  for (const frame of framesOf(stream)) {
    const samples = new Float32Array(contextSize + frameSize);
    samples.set(context);
    samples.set(frame, contextSize);
    const input = new OnnxTensor("float32", samples, [1, samples.length]);
    const results = await session.run({ input, state, sr });
    probabilities.push((results["output"]!.data as Float32Array)[0]!);
    state = results["stateN"] as typeof state;
    context = samples.slice(-contextSize);
  }
  await session.release();
  return probabilities;
}

const stepOf = (frame: Float32Array): TensorMap => ({
  input: tensor("float32", frame, [1, frameSize]),
  sr: tensor("int64", [16_000n], []),
});
const probabilityOf = ({ output }: TensorMap): number => (output as Tensor<"float32">).data[0]!;

test.each([
  { streams: 1, maxBatchSize: 64, tolerance: 0 },
  { streams: 16, maxBatchSize: 1, tolerance: 0 },
  // A run of several rows may sum in another order than a run of one.
  { streams: 16, maxBatchSize: 64, tolerance: 2e-6 },
])("$streams interleaved streams, $maxBatchSize in a run, are each as if alone", async (setting) => {
  const { streams, maxBatchSize, tolerance } = setting;
  const model = defineModel({ name: "voice", version: "5", artifact });
  const backend = onnx({ session: { intraOpNumThreads: 1 } });
  const silero = await createPredictor({ model, backend, execution: "inline" });
  const rows = new Set<number>();
  silero.observe(({ inputTensors }) => rows.add(inputTensors!["input"]!.shape[0]!));
  await using voice = statefulPredictor(silero, {
    states: { state: "stateN" },
    history: { input: contextSize },
    maxBatchSize,
  });

  const answers = await Promise.all(
    Array.from({ length: streams }, async (_, stream) => {
      const [steps, key] = [framesOf(stream).map(stepOf), `stream ${stream}`];
      // Half of the streams send all at once, the others a frame when the last one has its answer.
      if (stream % 2 === 0) return (await voice.predictMany(steps, { key })).map(probabilityOf);
      const probabilities: number[] = [];
      for (const step of steps) probabilities.push(probabilityOf(await voice.predict(step, { key })));
      return probabilities;
    }),
  );
  await voice.close();

  const expected = await Promise.all(answers.map((_, stream) => rawProbabilities(stream)));
  const differences = answers.flatMap((probabilities, stream) =>
    probabilities.map((probability, index) => Math.abs(probability - expected[stream]![index]!)),
  );
  expect(differences).toHaveLength(streams * frames);
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
  // A state that is lost or another's shows: hardly two answers are the same, and some hear a voice.
  expect(new Set(expected.flat()).size).toBeGreaterThan(streams * (frames - 1));
  expect(Math.max(...expected.flat())).toBeGreaterThan(0.5);
  expect(Math.max(...rows)).toBe(Math.min(streams, maxBatchSize));
});
