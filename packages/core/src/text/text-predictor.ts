import { createPredictor, type CreatePredictorOptions } from "../predictor/create-predictor.ts";
import type { Predictor } from "../predictor/predictor.ts";
import type { BatchingOptions } from "../scheduling/options.ts";
import { defineTextModel, type TextModelDefinition } from "./text-model.ts";

/** Options of {@link textPredictor}. */
export interface TextPredictorOptions<Output>
  extends TextModelDefinition<Output>, Omit<CreatePredictorOptions<string, Output>, "model" | "batching"> {
  /** How texts share runs, those of different length too; `false` when each is to run by itself. */
  readonly batching?: BatchingOptions | false | undefined;
  /** The number of the tokenizer's padding token. Default 0, as the mask hides it. */
  readonly padId?: number | undefined;
}

/**
 * Loads a text model, and gives a predictor that takes strings: it tokenizes, runs the model, and
 * reads its outputs.
 *
 * Texts that come together share runs: each is padded to the longest of them, hidden by the mask, and
 * what the model gives for the padding is cut off before it is read. A model whose numbers are
 * quantized for each run anew (`DynamicQuantizeLinear`) would give a text slightly different results
 * beside other texts: there texts do not share runs unless `batching.rowsAreIndependent` is true.
 *
 * By default it is run with one text when it is loaded, so that names of inputs or outputs that do not
 * fit are found then.
 *
 * @throws What `createPredictor` throws.
 *
 * @example
 * ```ts
 * await using embedder = await textPredictor({
 *   name: "minilm", version: "1", artifact: "model.onnx", backend: onnx(),
 *   tokenizer: new Tokenizer(tokenizerJson, tokenizerConfig), maxTokens: 256,
 *   inputs: { types: "token_type_ids" },
 *   read: embedding({ pooling: "mean" }),
 * });
 * const { vector } = await embedder.predict("How old are you?");
 * ```
 */
export function textPredictor<Output>(
  options: TextPredictorOptions<Output>,
): Promise<Predictor<string, Output>> {
  const { inputs = {}, padId = 0, batching = {}, warmup = { inputs: ["a"] } } = options;
  const { ids = "input_ids", mask = "attention_mask" } = inputs;
  const sequences = { mask, padding: { [ids]: padId } };
  return createPredictor({
    ...options,
    model: defineTextModel(options),
    warmup,
    batching: batching === false ? false : { sequences, ...batching },
  });
}
