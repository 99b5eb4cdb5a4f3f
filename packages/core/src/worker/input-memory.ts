import { type NumericDType, typedArrayByDType } from "../tensor/dtype.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";
import type { TensorEntries } from "./protocol.ts";

/** Inputs that are ready to go, and the memory that goes with them. */
export interface PackedInputs {
  readonly inputs: TensorEntries;
  /** `undefined` when there is nothing but strings. */
  readonly memory: ArrayBuffer | undefined;
}

/**
 * Memory that travels: the inputs of a run are copied into it, it is transferred, and it comes
 * back with the answer, for the next run. The inputs themselves stay with their owner.
 *
 * This costs one copy. A structured clone costs two and two allocations, which from 64 KB on take
 * longer than the hop; shared memory costs the same copy, and not every runtime takes it.
 */
export class InputMemory {
  readonly #free: ArrayBuffer[] = [];

  /** Copies the inputs into one piece of memory. */
  pack(tensors: TensorMap): PackedInputs {
    let byteLength = 0;
    for (const name of Object.keys(tensors)) {
      const { dtype, data } = tensors[name]!;
      if (dtype !== "string") byteLength += aligned(data.byteLength);
    }
    const memory = byteLength === 0 ? undefined : this.#take(byteLength);
    const inputs: [string, Tensor][] = [];
    let offset = 0;
    for (const name of Object.keys(tensors)) {
      const input = tensors[name]!;
      inputs.push([name, copyTensor(input, memory, offset)]);
      if (input.dtype !== "string") offset += aligned(input.data.byteLength);
    }
    return { inputs, memory };
  }

  /** Keeps memory that has come back. */
  giveBack(memory: ArrayBuffer | undefined): void {
    if (memory !== undefined) this.#free.push(memory);
  }

  /** As many pieces are kept as were under way together; one that is too small makes way for a larger one. */
  #take(byteLength: number): ArrayBuffer {
    const memory = this.#free.pop();
    if (memory !== undefined && memory.byteLength >= byteLength) return memory;
    // A power of two, so that slowly growing batches do not each get new memory.
    return new ArrayBuffer(2 ** Math.ceil(Math.log2(Math.max(byteLength, 64))));
  }
}

/** A tensor without what else its object may have, which might not be sendable. */
export function toPlain({ dtype, shape, data }: Tensor): Tensor {
  return { dtype, shape, data } as Tensor;
}

/** The same tensor in memory of its own, or in `memory` from the byte `offset` on. */
export function copyTensor({ dtype, shape, data }: Tensor, memory?: ArrayBuffer, offset = 0): Tensor {
  // What is no array of numbers, rightly or not, is left as it is.
  if (dtype === "string" || !ArrayBuffer.isView(data)) return { dtype, shape, data } as Tensor;
  const copy = newArray(dtype, data.length, memory, offset);
  // Both arrays are of this dtype.
  copy.set(data as never);
  return { dtype, shape, data: copy } as Tensor;
}

function newArray(
  dtype: NumericDType,
  length: number,
  memory: ArrayBuffer | undefined,
  offset: number,
): Exclude<Tensor["data"], readonly string[]> {
  const ArrayType = typedArrayByDType[dtype];
  return memory === undefined ? new ArrayType(length) : new ArrayType(memory, offset, length);
}

// Every typed array can start at a multiple of 8.
function aligned(byteLength: number): number {
  return Math.ceil(byteLength / 8) * 8;
}
