import type { Tensor } from "@mlops/onnx-builder/write";

type Floats = Tensor<"float32">;

/** A tensor with its axes in another order: axis `i` of the result is axis `axes[i]`. */
export function permute({ shape, data }: Floats, axes: readonly number[]): Floats {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 1);
  const result = new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let source = 0;
  for (let target = 0; target < result.length; target += 1) {
    result[target] = data[source] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      const [size = 1, step = 1, at = 0] = [sizes[axis], steps[axis], index[axis]];
      source += step;
      index[axis] = at + 1;
      if (at + 1 < size) break;
      source -= size * step;
      index[axis] = 0;
    }
  }
  return { dtype: "float32", shape: sizes, data: result };
}

/** The same elements in another shape. */
export function reshape({ data }: Floats, shape: readonly number[]): Floats {
  return { dtype: "float32", shape, data };
}

/**
 * The columns of a matrix in blocks of `size`, the blocks in another order, as rows: how ONNX takes
 * the kernels of recurrent layers.
 */
export function gateRows({ shape, data }: Floats, size: number, order: readonly number[]): number[] {
  const [rows = 0, columns = 0] = shape;
  return order.flatMap((gate) =>
    Array.from({ length: size * rows }, (_, at) => {
      const [unit, row] = [Math.floor(at / rows), at % rows];
      return data[row * columns + gate * size + unit] ?? 0;
    }),
  );
}
