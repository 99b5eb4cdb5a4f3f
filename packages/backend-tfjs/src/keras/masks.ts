import { UnsupportedError } from "@mlops/core";

import { field } from "./json.ts";
import type { Graph, GraphCall } from "./graph.ts";

/** Layers that take a mask and give none, or lose the axis that it is for. */
const endsMask =
  /^(Conv|DepthwiseConv|SeparableConv|Flatten$|Reshape$|Permute$|RepeatVector$|(Max|Average)Pooling|Global|UpSampling|ZeroPadding|Cropping|InputLayer$)/;

/** Recurrent layers give their mask on only with every step that they give. */
const recurrent = /^(RNN|LSTM|GRU|SimpleRNN|ConvLSTM2D|Bidirectional)$/;

/**
 * Refuses what Keras computes with a mask and TensorFlow.js without: the mean over time of a
 * sequence whose padding is masked.
 *
 * @throws UnsupportedError `UNSUPPORTED` that names the layer.
 */
export function checkMasks({ calls }: Graph): void {
  const masked = new Set<GraphCall>();
  for (const call of calls) {
    const { className, options, name } = call.layer.config;
    const given = call.inputs.some((input) => masked.has(input.call));
    if (given && className === "GlobalAveragePooling1D") {
      throw new UnsupportedError({
        feature: `A mask in the Keras layer ${JSON.stringify(name)} (GlobalAveragePooling1D)`,
        remedy: "TensorFlow.js would count what is masked: set mask_zero=False, or pool without a mask.",
      });
    }
    const starts = className === "Masking" || (className === "Embedding" && field(options, "mask_zero") === true);
    const passes = given && !endsMask.test(className) && !(recurrent.test(className) && !givesSequences(call));
    if (starts || passes) masked.add(call);
  }
}

function givesSequences({ layer }: GraphCall): boolean {
  const inner = field(layer.config.options, "layer");
  return JSON.stringify(inner ?? layer.config.options).includes('"return_sequences":true');
}
