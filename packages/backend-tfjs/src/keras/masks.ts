import { UnsupportedError } from "@mlops/core";

import { field, isObject } from "./json.ts";
import type { Graph, GraphCall } from "./graph.ts";

/** Layers that take a mask and give none, or lose the axis that it is for. */
const endsMask =
  /^(Conv|DepthwiseConv|SeparableConv|Flatten$|Reshape$|Permute$|RepeatVector$|(Max|Average)Pooling|Global|UpSampling|ZeroPadding|Cropping|InputLayer$)/;

/** Recurrent layers give their mask on only with every step that they give. */
const recurrent = /^(RNN|LSTM|GRU|SimpleRNN|ConvLSTM2D|Bidirectional)$/;

/**
 * Refuses what Keras computes with a mask and TensorFlow.js without, or otherwise: the mean over time
 * of a sequence whose padding is masked, and zeros in the place of outputs that are.
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
    if (given && recurrent.test(className) && givesSequences(call) && zeroesOutput(call)) {
      throw new UnsupportedError({
        feature: `The option zero_output_for_mask of the Keras layer ${JSON.stringify(name)} (${className}), which has a mask,`,
        remedy:
          "TensorFlow.js repeats the output of the step before: set mask_zero=False, or ask for the last step only.",
      });
    }
    const starts =
      className === "Masking" || (className === "Embedding" && field(options, "mask_zero") === true);
    const passes =
      given && !endsMask.test(className) && !(recurrent.test(className) && !givesSequences(call));
    if (starts || passes) masked.add(call);
  }
}

function givesSequences(call: GraphCall): boolean {
  return hasOption(call, "return_sequences");
}

/** Keras 3 sets it for the layers inside a `Bidirectional` one. */
function zeroesOutput(call: GraphCall): boolean {
  return hasOption(call, "zero_output_for_mask");
}

/** Whether a recurrent layer, or the one that it wraps, has an option on. */
function hasOption({ layer }: GraphCall, option: string): boolean {
  const inner = field(layer.config.options, "layer");
  const innerOptions = isObject(inner) ? field(inner, "config") : undefined;
  return field(isObject(innerOptions) ? innerOptions : layer.config.options, option) === true;
}
