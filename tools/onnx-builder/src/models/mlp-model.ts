import { buildModel } from "../build-model.ts";
import { node, type Node } from "../node.ts";
import { createRandom } from "../random.ts";
import type { Tensor } from "../tensor.ts";

/** The size of {@link mlpModel}. */
export interface MlpOptions {
  readonly inputSize: number;
  /** The width of each hidden layer; `[]` for a linear model. */
  readonly hiddenSizes: readonly number[];
  readonly outputSize: number;
  /** A 32-bit unsigned integer; equal seeds give equal bytes. */
  readonly seed: number;
}

/**
 * A multilayer perceptron: from `x`, float32 `[batch, inputSize]`, to `y`, float32
 * `[batch, outputSize]`, a Gemm for each layer and a Relu between them.
 *
 * Layer `i` has the initializers `weight_i`, `[fanIn, fanOut]`, uniform in ±√(6 / fanIn), which
 * has He's variance of 2 / fanIn (He et al. 2015, "Delving Deep into Rectifiers", section 2.2),
 * and `bias_i`, `[fanOut]`, uniform in ±1 / √fanIn. Uniform, not normal, because square roots are
 * exact on every machine and logarithms and cosines are not.
 */
export function mlpModel({ inputSize, hiddenSizes, outputSize, seed }: MlpOptions): Uint8Array {
  const random = createRandom(seed);
  const uniform = (length: number, limit: number) =>
    Float32Array.from({ length }, () => (2 * random() - 1) * limit);

  const initializers: Record<string, Tensor> = {};
  const nodes: Node[] = [];
  let value = "x";
  let fanIn = inputSize;
  for (const [layer, fanOut] of [...hiddenSizes, outputSize].entries()) {
    const isLast = layer === hiddenSizes.length;
    const weight = `weight_${layer}`;
    const bias = `bias_${layer}`;
    initializers[weight] = {
      dtype: "float32",
      shape: [fanIn, fanOut],
      data: uniform(fanIn * fanOut, Math.sqrt(6 / fanIn)),
    };
    initializers[bias] = { dtype: "float32", shape: [fanOut], data: uniform(fanOut, 1 / Math.sqrt(fanIn)) };
    const dense = isLast ? "y" : `dense_${layer}`;
    nodes.push(node("Gemm", [value, weight, bias], [dense]));
    if (!isLast) nodes.push(node("Relu", [dense], [`hidden_${layer}`]));
    value = `hidden_${layer}`;
    fanIn = fanOut;
  }
  return buildModel({
    name: "mlp",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", inputSize] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", outputSize] }],
    nodes,
    initializers,
  });
}
