import { FormatProblem } from "../format-problem.ts";
import type { ByteReader } from "./byte-reader.ts";

/** The bytes of a group's entry for one of its members. */
const entrySize = 40;

/** The kind of entry that is a symbolic link: a name, with no object behind it. */
const symbolicLink = 2;

/**
 * The members of a group: the addresses of their headers by name (HDF5 specification, III.A to
 * III.D: a version 1 B-tree of symbol table nodes, whose names are in a local heap).
 */
export function readSymbolTable(reader: ByteReader, tree: number, heap: number): ReadonlyMap<string, number> {
  reader.expectSignature(heap, "HEAP");
  const names = reader.slice(reader.address(heap + 24) ?? -1, reader.length(heap + 8));
  const members = new Map<string, number>();
  const pending = [{ address: tree, level: undefined as number | undefined }];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    reader.step();
    reader.expectSignature(node.address, "TREE");
    const level = reader.uint8(node.address + 5);
    if (node.level !== undefined && level !== node.level) {
      throw new FormatProblem("its HDF5 part has a damaged B-tree");
    }
    const count = reader.uint16(node.address + 6);
    for (let index = 0; index < count; index += 1) {
      // Here too: what waits takes memory, and nodes that overlap may name the same children.
      reader.step();
      const child = reader.address(node.address + 32 + 16 * index) ?? -1;
      if (level > 0) pending.push({ address: child, level: level - 1 });
      else readEntries(reader, child, names, members);
    }
  }
  return members;
}

function readEntries(
  reader: ByteReader,
  node: number,
  names: Uint8Array,
  members: Map<string, number>,
): void {
  reader.expectSignature(node, "SNOD");
  const count = reader.uint16(node + 6);
  for (let index = 0; index < count; index += 1) {
    reader.step();
    const entry = node + 8 + entrySize * index;
    const address = reader.address(entry + 8);
    if (address === undefined || reader.uint32(entry + 16) === symbolicLink) continue;
    members.set(readName(names, reader.length(entry)), address);
  }
}

/** HDF5 has no limit for a name; Keras's are paths of some dozen characters. */
const longestName = 4096;

function readName(names: Uint8Array, offset: number): string {
  const end = names.subarray(offset, offset + longestName).indexOf(0);
  if (end < 0) throw new FormatProblem("its HDF5 part has a name without an end");
  return new TextDecoder().decode(names.subarray(offset, offset + end));
}
