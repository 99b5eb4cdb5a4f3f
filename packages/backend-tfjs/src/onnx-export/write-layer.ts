import type { GraphWriter } from "./graph-writer.ts";
import type { LayerCall, WeightReader } from "./layer-call.ts";

/** Writes one call of a layer. Gives the names of its outputs. */
export type WriteLayer = (call: LayerCall, context: WriteContext) => readonly string[];

/** What layers are written with. */
export interface WriteContext {
  readonly writer: GraphWriter;
  readonly weights: WeightReader;
  /** Writes a layer that is inside another one. */
  readonly writeInner: (call: LayerCall) => readonly string[];
}

/** A weight of a layer as a constant of the graph, `undefined` when the layer has none of this name. */
export function constantOf(
  { layer }: Pick<LayerCall, "layer">,
  name: string,
  { writer, weights }: WriteContext,
): string | undefined {
  const tensor = weights(layer, name);
  return tensor && writer.constant(`${layer.name}/${name}`, tensor);
}
