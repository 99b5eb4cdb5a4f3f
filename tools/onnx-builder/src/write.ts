/**
 * The half that writes, with no dependency: published packages bundle it.
 */
export { buildModel } from "./build-model.ts";
export type { Dimension, Model, ModelDefinition, Value } from "./model.ts";
export { node, type Node } from "./node.ts";
export {
  type Attribute,
  type Attributes,
  float,
  floats,
  int,
  ints,
  string,
  strings,
  tensorAttribute,
} from "./attribute.ts";
export type { Tensor } from "./tensor.ts";
