import { type Backend, createPredictor, defineModel, openArtifact, type Tensor } from "@mlops/core";

import type { Execute } from "./run-case.ts";

/** Runs cases through a Predictor on this thread. */
export function byPredictor(backend: Backend): Execute {
  return async (artifact, inputs) => {
    const model = defineModel({ name: "case", version: "1", artifact });
    const options = { model, backend, execution: "inline", batching: false, warmup: false } as const;
    await using predictor = await createPredictor(options);
    return await predictor.predict(inputs);
  };
}

/** Whether a backend takes a model. */
export async function loads(backend: Backend, model: Uint8Array): Promise<boolean> {
  try {
    await (await backend.load(openArtifact(model), {})).release();
    return true;
  } catch {
    return false;
  }
}

/** The bare runtime's options without messages, which come as errors. */
export const bareOptions: object = { intraOpNumThreads: 1, logSeverityLevel: 4 };

/** The part of ONNX Runtime's own interface that is called. */
export interface RawRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<RawSession>;
  };
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => RawTensor;
}

interface RawSession {
  run(
    feeds: Readonly<Record<string, never>>,
    options: { readonly logSeverityLevel: 4 },
  ): Promise<Readonly<Record<string, RawTensor>>>;
  release(): Promise<void>;
}

interface RawTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** Runs cases through a runtime's own interface, as the yardstick. */
export function byRuntime({ InferenceSession, Tensor }: RawRuntime, options: object): Execute {
  return async (model, inputs) => {
    const session = await InferenceSession.create(model, options);
    try {
      const feeds = mapValues(inputs, ({ dtype, data, shape }) => {
        const tensor = new Tensor(dtype as never, data as never, shape);
        // The binding (1.30) finds the Float16Array that the constructor makes of the bits empty.
        if (dtype === "float16") Object.defineProperty(tensor, "data", { value: data });
        return tensor;
      });
      // Typed by what every runtime takes: nothing.
      const results = await session.run(feeds as Readonly<Record<string, never>>, { logSeverityLevel: 4 });
      return mapValues(results, toTensor);
    } finally {
      await session.release();
    }
  };
}

function toTensor({ type, dims, data }: RawTensor): Tensor {
  const bits =
    type === "float16" && ArrayBuffer.isView(data)
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : data;
  // The runtime's names of types are core's; `findDifference` compares them.
  return { dtype: type, shape: dims, data: bits } as Tensor;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
