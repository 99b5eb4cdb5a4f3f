import { type Dimension, type TensorInfo, UnsupportedError } from "@mlops/core";

import type { Engine } from "../engine/engine.ts";
import type { TfjsTensor } from "../runtime.ts";
import { messageOf } from "../to-core-error.ts";
import type { LoadedModel, TfjsTensorMap } from "./loaded-model.ts";

/**
 * Runs a model once or twice with zeros, where its inputs tell their shapes but for the rows:
 *
 * - An engine that lacks one of its operations is found while the model is loaded.
 * - Outputs whose shapes the model does not tell, as those of a graph without a signature, get
 *   them: what changes with the rows varies, and the rest is fixed. Only of a graph whose shapes
 *   depend on nothing but shapes, which is one that does not have to wait.
 *
 * A model that cannot be run with zeros is left as it is.
 *
 * @throws UnsupportedError `UNSUPPORTED` when the engine lacks an operation.
 */
export async function tryModel(engine: Engine, model: LoadedModel): Promise<LoadedModel> {
  const { inputs, outputs } = model.signature;
  if (!inputs.every(isTried)) return model;
  const isFixed = inputs.some(({ shape }) => typeof shape?.[0] === "number");
  const first = await shapesFor(engine, model, 1);
  if (first === undefined || model.isAsync || outputs.every(({ shape }) => shape !== undefined)) return model;
  const second = isFixed ? first : await shapesFor(engine, model, 3);
  const told = outputs.map((info, index): TensorInfo => {
    const shape = info.shape ?? commonShape(first[index], second?.[index]);
    return Object.freeze({ ...info, shape });
  });
  return { ...model, signature: { inputs, outputs: Object.freeze(told) } };
}

function isTried({ dtype, shape }: TensorInfo): boolean {
  return (
    dtype !== "string" && shape !== undefined && shape.slice(1).every((size) => typeof size === "number")
  );
}

/** The shapes of the outputs for so many rows; nothing when the model cannot be run with zeros. */
async function shapesFor(
  engine: Engine,
  { signature: { inputs, outputs }, execute, isAsync }: LoadedModel,
  rows: number,
): Promise<(readonly number[])[] | undefined> {
  const names = outputs.map(({ name }) => name);
  const zeros = (): TfjsTensorMap =>
    Object.fromEntries(
      inputs.map(({ name, dtype, shape }) => {
        const sizes = (shape ?? []).map((size) => (typeof size === "number" ? size : rows));
        const count = sizes.reduce((product, size) => product * size, 1);
        const values = dtype === "float32" ? new Float32Array(count) : new Int32Array(count);
        return [name, engine.core.tensor(dtype === "bool" ? new Uint8Array(count) : values, sizes, dtype)];
      }),
    );
  while (engine.turn !== undefined) await engine.turn;
  try {
    const results: readonly TfjsTensor[] = isAsync
      ? await engine.runAsync(async () => execute(zeros(), names))
      : // A model that does not have to wait gives its results at once.
        engine.run(() => execute(zeros(), names) as readonly TfjsTensor[]);
    return results.map(({ shape }) => [...shape]);
  } catch (cause) {
    const missing = /Kernel '([^']+)' not registered/.exec(messageOf(cause));
    if (missing === null) return undefined;
    throw new UnsupportedError({
      feature: `The operation ${missing[1]} on ${engine.device}`,
      remedy: "Use another device for this model.",
      cause,
    });
  }
}

function commonShape(
  first: readonly number[] | undefined,
  second: readonly number[] | undefined,
): readonly Dimension[] | undefined {
  if (first === undefined || first.length !== second?.length) return undefined;
  return Object.freeze(first.map((size, axis) => (size === second[axis] ? size : null)));
}
