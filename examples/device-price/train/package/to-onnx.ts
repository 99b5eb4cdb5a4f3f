import { buildModel, int, node, type Node, type Tensor } from "@mlops/onnx-builder";
import type { LayersModel } from "@tensorflow/tfjs-layers";

import { numericFeatures } from "../data/numeric-features.ts";
import { namedWeights } from "../network/network.ts";

/**
 * The network as an ONNX model, opset 17: the same layers in the same order on the same weights,
 * which keep their names. The batch dimension is symbolic, `batch`.
 */
export function toOnnx(model: LayersModel): Uint8Array {
  const initializers: Record<string, Tensor> = {};
  for (const [name, weight] of namedWeights(model)) {
    initializers[name] = { dtype: "float32", shape: weight.shape, data: weight.dataSync<"float32">() };
  }
  const isWeight = (name: string): boolean => Object.hasOwn(initializers, name);
  const nodes: Node[] = [];

  const add = (
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: Node["attributes"] = {},
  ) => {
    nodes.push(node(opType, inputs, [output], attributes, { name: output }));
    return output;
  };
  const dense = (input: string, layer: string, output: string = layer): string =>
    add(
      "Gemm",
      [input, `${layer}/kernel`, `${layer}/bias`].filter((name) => name === input || isWeight(name)),
      output,
    );
  const embed = (ids: string, layer: string): string =>
    add("Flatten", [add("Gather", [`${layer}/embeddings`, ids], layer)], `${layer}_flat`, { axis: int(1) });

  initializers["zero"] = { dtype: "float32", shape: [], data: Float32Array.of(0) };
  initializers["one"] = { dtype: "float32", shape: [], data: Float32Array.of(1) };
  const bins = add("Clip", [dense("numeric", "bins_dense"), "zero", "one"], "bins");
  const scalars = dense(bins, "scalars");

  const members: string[] = [];
  for (let index = 0; isWeight(`member${index}_brand/embeddings`); index++) {
    const named = (part: string): string => `member${index}_${part}`;
    const embeddings = [embed("brand", named("brand")), embed("os", named("os"))];
    const features = add("Concat", [bins, scalars, ...embeddings], named("features"), { axis: int(1) });
    let hidden = features;
    for (let layer = 0; isWeight(`${named(`hidden${layer}`)}/kernel`); layer++) {
      const name = named(`hidden${layer}`);
      hidden = add("Relu", [dense(hidden, name, `${name}_dense`)], name);
    }
    members.push(add("Add", [dense(hidden, named("deep")), dense(features, named("linear"))], named("sum")));
  }
  const sum = members.reduce((total, member, index) => add("Add", [total, member], `sum${index}`));
  initializers["one_by_members"] = { dtype: "float32", shape: [], data: Float32Array.of(1 / members.length) };
  add("Mul", [sum, "one_by_members"], "ln_price");

  return buildModel({
    name: model.name,
    inputs: [
      { name: "numeric", dtype: "float32", shape: ["batch", numericFeatures.length] },
      { name: "brand", dtype: "int32", shape: ["batch", 1] },
      { name: "os", dtype: "int32", shape: ["batch", 1] },
    ],
    outputs: [{ name: "ln_price", dtype: "float32", shape: ["batch", 1] }],
    nodes,
    initializers,
  });
}
