import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  getKernel,
  type KernelConfig,
  registerKernel,
  type TensorInfo,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
  type UnsortedSegmentSumInputs,
  util,
} from "@tensorflow/tfjs-core";

const backendName = "wasm";

/**
 * Gives the WebAssembly backend the kernel `UnsortedSegmentSum`, which TensorFlow.js 4.22 has on
 * its other backends only. Training needs it: the gradient of an embedding adds up, for each id,
 * the gradients of the rows that looked it up. Batches are small, so plain JavaScript is enough.
 */
export function registerUnsortedSegmentSum(): void {
  if (getKernel(UnsortedSegmentSum, backendName) === undefined) registerKernel(unsortedSegmentSum);
}

const unsortedSegmentSum: KernelConfig = {
  kernelName: UnsortedSegmentSum,
  backendName,
  kernelFunc({ inputs, attrs, backend }): TensorInfo {
    // The kernel's contract; the registry types all kernels alike.
    const { x, segmentIds } = inputs as Record<keyof UnsortedSegmentSumInputs, TensorInfo>;
    const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
    const wasm = backend as BackendWasm;
    const values = wasm.readSync(x.dataId) as Float32Array;
    const ids = wasm.readSync(segmentIds.dataId) as Int32Array;

    const rowShape = x.shape.slice(segmentIds.shape.length);
    const rowSize = util.sizeFromShape(rowShape);
    const sums = new Float32Array(numSegments * rowSize);
    for (const [row, id] of ids.entries()) {
      if (id < 0 || id >= numSegments) continue;
      for (let i = 0; i < rowSize; i++) sums[id * rowSize + i]! += values[row * rowSize + i]!;
    }
    const shape = [numSegments, ...rowShape];
    return { dataId: wasm.write(sums, shape, x.dtype), shape, dtype: x.dtype };
  },
};
