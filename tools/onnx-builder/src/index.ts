export { buildModel } from "./build-model.ts";
export { readModel } from "./read-model.ts";
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
export { type ElementType, elementTypeCodes } from "./element-type.ts";
export type { DType, Tensor, TensorDataByDType } from "./tensor.ts";

export { addModel } from "./models/add-model.ts";
export { identityModel } from "./models/identity-model.ts";
export { type MlpOptions, mlpModel } from "./models/mlp-model.ts";
export { noBatchModel } from "./models/no-batch-model.ts";
export { scalarOutputModel } from "./models/scalar-output-model.ts";
export { sequenceOutputModel } from "./models/sequence-output-model.ts";
export { tokenModel } from "./models/token-model.ts";
export { unknownRankModel } from "./models/unknown-rank-model.ts";
