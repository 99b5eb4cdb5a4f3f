import { FormatProblem } from "../format-problem.ts";
import type { ByteReader } from "./byte-reader.ts";
import { countOf, readDataspace, readDatatype } from "./datatype.ts";
import type { GlobalHeap } from "./global-heap.ts";
import type { HeaderMessage } from "./object-header.ts";

/**
 * The strings of an attribute message (HDF5 specification, IV.A.2.m), one of them for a scalar.
 * Gives `undefined` when it has another name, or is no text: Keras keeps nothing else in
 * attributes that counts here.
 */
export function readTexts(
  reader: ByteReader,
  heap: GlobalHeap,
  message: HeaderMessage,
  wanted: string,
): readonly string[] | undefined {
  const { offset: start, size } = message;
  const version = reader.uint8(start);
  if (version < 1 || version > 3) throw new FormatProblem("its HDF5 part has a damaged attribute");
  // Version 1 pads each part to a multiple of 8 bytes; version 3 has one byte more, the name's character set.
  const padded = (length: number): number => (version === 1 ? Math.ceil(length / 8) * 8 : length);
  const nameSize = reader.uint16(start + 2);
  const nameAt = start + (version === 3 ? 9 : 8);
  const datatypeAt = nameAt + padded(nameSize);
  const dataspaceAt = datatypeAt + padded(reader.uint16(start + 4));
  const dataAt = dataspaceAt + padded(reader.uint16(start + 6));
  if (toText(reader.slice(nameAt, nameSize)) !== wanted) return undefined;
  const datatype = readDatatype(reader, datatypeAt);
  const count = countOf(readDataspace(reader, dataspaceAt));
  if (datatype.kind !== "string" && datatype.kind !== "variable-string") return undefined;
  if (!(dataAt + count * datatype.size <= start + size)) {
    throw new FormatProblem(`its HDF5 attribute ${JSON.stringify(wanted)} is longer than its header`);
  }
  return Array.from({ length: count }, (_, index) => {
    const at = dataAt + index * datatype.size;
    const bytes = datatype.kind === "string" ? reader.slice(at, datatype.size) : heap.read(at);
    // Many references may name the same text: what is decoded counts, not what is stored.
    reader.step(bytes.byteLength / 8);
    return toText(bytes);
  });
}

/** UTF-8 up to the first NUL. */
function toText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
