/** Numbers that a row of the network has. */
export const inputSize = 256;

/** The widths of its hidden layers: some ten milliseconds a batch in WebAssembly. */
export const hiddenSizes: readonly number[] = [1024, 1024, 1024];

/** A batch of rows that tell nothing. */
export function batchOf(rowCount = 64): Float32Array {
  return Float32Array.from({ length: rowCount * inputSize }, (_, index) => Math.sin(index));
}
