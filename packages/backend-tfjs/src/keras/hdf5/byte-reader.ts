import { FormatProblem } from "../format-problem.ts";

/** An address that points nowhere. */
const undefinedAddress = 0xffff_ffff_ffff_ffffn;

/** Structures that a file of any size may have, on top of those its size has room for. */
const spareSteps = 10_000;

/**
 * A file in memory, little-endian. Nothing outside it can be read, and the number of structures
 * that are visited is bounded by its size, so a file whose parts point at each other comes to an end.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #stepsLeft: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#stepsLeft = spareSteps + bytes.byteLength / 8;
  }

  /**
   * Counts one structure, or as many as `count` says, which may be a fraction.
   *
   * @throws FormatProblem when there are more than the file has room for.
   */
  step(count = 1): void {
    this.#stepsLeft -= count;
    if (this.#stepsLeft < 0) throw new FormatProblem("its HDF5 structures go round in a circle");
  }

  /** The bytes from `offset`, without a copy. @throws FormatProblem when they are not all in the file. */
  slice(offset: number, length: number): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.byteLength)) {
      throw new FormatProblem(
        `its HDF5 part refers to bytes ${offset} to ${offset + length} of ${this.bytes.byteLength}: it is truncated or damaged`,
      );
    }
    return this.bytes.subarray(offset, offset + length);
  }

  uint8(offset: number): number {
    return this.#at(offset, 1).getUint8(offset);
  }

  uint16(offset: number): number {
    return this.#at(offset, 2).getUint16(offset, true);
  }

  uint32(offset: number): number {
    return this.#at(offset, 4).getUint32(offset, true);
  }

  /** A 64-bit length. One that no number holds exactly is longer than any file, and refused where it is used. */
  length(offset: number): number {
    return Number(this.#at(offset, 8).getBigUint64(offset, true));
  }

  /** A 64-bit address, `undefined` when it points nowhere. */
  address(offset: number): number | undefined {
    const address = this.#at(offset, 8).getBigUint64(offset, true);
    return address === undefinedAddress ? undefined : Number(address);
  }

  /** @throws FormatProblem unless the four letters of `signature` stand at `offset`. */
  expectSignature(offset: number, signature: string): void {
    if (ascii(this.slice(offset, 4)) !== signature) {
      throw new FormatProblem(`its HDF5 part has no ${signature} structure at byte ${offset}: it is damaged`);
    }
  }

  #at(offset: number, length: number): DataView {
    this.slice(offset, length);
    return this.#view;
  }
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
