import type { Precision, TensorMap } from "@mlops/core";

import { processorPrecision } from "../devices/device-choice.ts";
import type { OpenedModel } from "../models/page-model.ts";
import { askServer } from "./ask-server.ts";

/** The outputs of a model here, beside those of the same model on the server. */
export interface Comparison {
  /** How many numbers were compared. */
  readonly count: number;
  /** The largest difference of two numbers. */
  readonly difference: number;
  /** The same in parts of what the declared precisions of both sides allow: 1 is just allowed. */
  readonly partOfAllowed: number;
  readonly here: { readonly device: string; readonly milliseconds: number };
  readonly server: { readonly milliseconds: number };
}

/**
 * Predicts here and on the server, with the same tensors.
 *
 * @throws Error when the server cannot be asked, or gives other outputs.
 */
export async function compareWithServer<Input, Output>(
  { model, predictor, device }: OpenedModel<Input, Output>,
  input: Input,
): Promise<Comparison> {
  const encoded = await model.codec?.encode(input);
  if (encoded === undefined || predictor.predictTensors === undefined) {
    throw new Error(`${model.name} cannot be asked in tensors.`);
  }
  const startedAt = performance.now();
  const outputs = await predictor.predictTensors(encoded.tensors);
  const milliseconds = performance.now() - startedAt;
  const answer = await askServer(model.name, encoded.tensors);
  return {
    ...differenceOf(outputs, answer.outputs, device.precision),
    here: { device: predictor.info.device, milliseconds },
    server: { milliseconds: answer.milliseconds },
  };
}

/** Both sides may be off the exact result, each by its own precision. */
function differenceOf(
  here: TensorMap,
  server: Readonly<Record<string, readonly number[]>>,
  precision: Precision,
): Pick<Comparison, "count" | "difference" | "partOfAllowed"> {
  let [count, difference, partOfAllowed] = [0, 0, 0];
  for (const [name, { data }] of Object.entries(here)) {
    const expected = server[name];
    if (expected?.length !== data.length) throw new Error(`The server gave another ${name}.`);
    for (const [index, value] of expected.entries()) {
      const distance = Math.abs(Number(data[index]) - value);
      const allowed = [precision, processorPrecision]
        .map(({ relative, absolute }) => absolute + relative * Math.abs(value))
        .reduce((a, b) => a + b);
      count += 1;
      // A NaN on either side stays, and is no agreement.
      difference = Math.max(difference, distance);
      partOfAllowed = Math.max(partOfAllowed, distance / allowed);
    }
  }
  return { count, difference, partOfAllowed };
}
