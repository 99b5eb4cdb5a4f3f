import type { StandardSchemaV1 } from "@standard-schema/spec";

import { MlopsError } from "../errors/mlops-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { defineModel, type ModelBase } from "../model/define-model.ts";
import type { Model } from "../model/model.ts";
import { createTextEncoder, type EncodedText, type TextEncoderOptions } from "./encode-text.ts";
import type { TextReader } from "./text-readers.ts";
import { type TextDType, type TextInputNames, textTensors } from "./text-tensors.ts";

/** What {@link defineTextModel} makes a model of. */
export interface TextModelDefinition<Output> extends Omit<ModelBase, "labels">, TextEncoderOptions {
  /** Makes the answer: `embedding()`, `classification({ labels })`, or a function of your own. */
  readonly read: TextReader<Output>;
  /** The names of the model's inputs. Default `input_ids` and `attention_mask`. */
  readonly inputs?: TextInputNames | undefined;
  /** The element type of the model's inputs. Default `int64`. */
  readonly dtype?: TextDType | undefined;
}

/**
 * Defines a model that takes texts: a tokenizer before it, and what reads its outputs behind it.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value that it cannot have.
 */
export function defineTextModel<Output>(definition: TextModelDefinition<Output>): Model<string, Output> {
  const { name, version, artifact, sha256, card, rejectNonFinite, read, inputs, dtype } = definition;
  const encodeText = createTextEncoder(definition);
  return defineModel({
    name,
    version,
    artifact,
    sha256,
    card,
    rejectNonFinite,
    labels: read.labels,
    input: textSchema(encodeText),
    encode: (text) => textTensors([text], inputs, { dtype }),
    decode: (outputs, text) => read(outputs, text),
  });
}

/** Takes a string, and gives its tokens. */
function textSchema(encodeText: (text: string) => EncodedText): StandardSchemaV1<string, EncodedText> {
  return {
    "~standard": {
      version: 1,
      vendor: "mlops",
      validate(value) {
        if (typeof value !== "string")
          return { issues: [{ message: `is ${typeof value}, but has to be a string` }] };
        try {
          return { value: encodeText(value) };
        } catch (error) {
          if (!MlopsError.isInstance(error) || !InvalidInputError.isInstance(error)) throw error;
          return { issues: error.issues };
        }
      },
    },
  };
}
