import { FormatProblem } from "./format-problem.ts";
import type { Graph, GraphCall } from "./graph.ts";

/**
 * The number that TensorFlow.js will give each call of a layer, by which other calls refer to it.
 *
 * It makes the calls of a model in rounds: in each, all layers in their order, and of each layer
 * the calls whose inputs are there by then. A shared layer's calls can so come in another order
 * than Keras made them in, and the numbers in the file would then mean other calls.
 */
export function numberCalls({ layers }: Graph): ReadonlyMap<GraphCall, number> {
  const numbers = new Map<GraphCall, number>();
  const pending = new Map(layers.map((layer) => [layer, layer.calls]));
  const made = new Map(layers.map((layer) => [layer, 0]));
  while (pending.size > 0) {
    const before = numbers.size;
    for (const [layer, calls] of pending) {
      const blocked = calls.filter((call) => {
        if (!call.inputs.every((input) => numbers.has(input.call))) return true;
        const number = made.get(layer) ?? 0;
        made.set(layer, number + 1);
        numbers.set(call, number);
        return false;
      });
      if (blocked.length === 0) pending.delete(layer);
      else pending.set(layer, blocked);
    }
    if (numbers.size === before) throw new FormatProblem("its configuration is cyclic");
  }
  return numbers;
}
