import { FormatProblem } from "../format-problem.ts";
import type { ByteReader } from "./byte-reader.ts";

/** The element types that Keras writes. */
export type Datatype =
  | {
      readonly kind: "float";
      readonly name: "float16" | "bfloat16" | "float32" | "float64";
      readonly size: number;
    }
  | { readonly kind: "string"; readonly size: number }
  /** A string kept in the file's global heap; an element is a reference of 16 bytes. */
  | { readonly kind: "variable-string"; readonly size: 16 }
  | { readonly kind: "other"; readonly size: number };

/** Floats by their size in bytes and the bits of their exponent. */
const floats: Readonly<Record<string, "float16" | "bfloat16" | "float32" | "float64">> = {
  "2/5": "float16",
  "2/8": "bfloat16",
  "4/8": "float32",
  "8/11": "float64",
};

/** Reads a datatype message (HDF5 specification, IV.A.2.d). Big-endian floats count as `other`. */
export function readDatatype(reader: ByteReader, offset: number): Datatype {
  const classAndVersion = reader.uint8(offset);
  const flags = reader.uint8(offset + 1);
  const size = reader.uint32(offset + 4);
  if (size === 0) throw new FormatProblem("its HDF5 part has elements of no size");
  switch (classAndVersion & 0x0f) {
    case 1: {
      const name = floats[`${size}/${reader.uint8(offset + 13)}`];
      return name === undefined || (flags & 1) !== 0
        ? { kind: "other", size }
        : { kind: "float", name, size };
    }
    case 3:
      return { kind: "string", size };
    case 9:
      return (flags & 0x0f) === 1 && size === 16
        ? { kind: "variable-string", size }
        : { kind: "other", size };
    default:
      return { kind: "other", size };
  }
}

/** The sizes of a dataspace message (HDF5 specification, IV.A.2.b), `[]` for a scalar, `[0]` for no value at all. */
export function readDataspace(reader: ByteReader, offset: number): readonly number[] {
  const version = reader.uint8(offset);
  const rank = reader.uint8(offset + 1);
  if (version !== 1 && version !== 2) throw new FormatProblem("its HDF5 part has a damaged dataspace");
  if (version === 2 && reader.uint8(offset + 3) === 2) return [0];
  const sizes = offset + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => reader.length(sizes + 8 * axis));
}

/** The number of elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
