import type { Tensor, TensorMap } from "../tensor/tensor.ts";
import { copyTensor, toPlain } from "./input-memory.ts";
import type { TensorEntries } from "./protocol.ts";

/** Outputs that are ready to go, and what of their memory can be moved. */
export interface SeparateOutputs {
  readonly outputs: TensorEntries;
  readonly transfer: ArrayBuffer[];
}

/**
 * Makes each output the only user of its memory. What fills its memory is moved; a part of a
 * larger piece, and what lies in shared memory, in another output's or in `inputMemory`, is copied.
 */
export function separateOutputs(tensors: TensorMap, inputMemory: ArrayBuffer | undefined): SeparateOutputs {
  const outputs: [string, Tensor][] = [];
  const transfer: ArrayBuffer[] = [];
  for (const [name, output] of Object.entries(tensors)) {
    if (!ArrayBuffer.isView(output.data)) {
      outputs.push([name, toPlain(output)]);
      continue;
    }
    const { buffer, byteLength } = output.data;
    const isFree = buffer !== inputMemory && !transfer.includes(buffer as ArrayBuffer);
    const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    const own = isFree && isWhole ? toPlain(output) : copyTensor(output);
    outputs.push([name, own]);
    // A copy has memory that is not shared.
    transfer.push((own.data as Float32Array<ArrayBuffer>).buffer);
  }
  return { outputs, transfer };
}
