import { FormatProblem } from "../format-problem.ts";
import type { ByteReader } from "./byte-reader.ts";

/** Where an object of a collection lies. */
interface HeapObject {
  readonly offset: number;
  readonly size: number;
}

/** The file's global heap, which holds text of variable length (HDF5 specification, III.E). */
export class GlobalHeap {
  readonly #reader: ByteReader;
  readonly #collections = new Map<number, ReadonlyMap<number, HeapObject>>();

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** The bytes behind the reference that stands at `offset`: a length, a collection's address and an index. */
  read(offset: number): Uint8Array {
    const reader = this.#reader;
    const length = reader.uint32(offset);
    const address = reader.address(offset + 4);
    if (length === 0 || address === undefined || address === 0) return new Uint8Array();
    let collection = this.#collections.get(address);
    if (collection === undefined) {
      collection = readCollection(reader, address);
      this.#collections.set(address, collection);
    }
    const object = collection.get(reader.uint32(offset + 12));
    if (object === undefined || length > object.size) {
      throw new FormatProblem("its HDF5 part refers to text that is not there");
    }
    return reader.slice(object.offset, length);
  }
}

function readCollection(reader: ByteReader, address: number): ReadonlyMap<number, HeapObject> {
  reader.expectSignature(address, "GCOL");
  const end = address + reader.length(address + 8);
  const objects = new Map<number, HeapObject>();
  for (let offset = address + 16; offset + 16 <= end;) {
    reader.step();
    const index = reader.uint16(offset);
    // What is left over has the index 0, and is the last.
    if (index === 0) break;
    const size = reader.length(offset + 8);
    objects.set(index, { offset: offset + 16, size });
    offset += 16 + Math.ceil(size / 8) * 8;
  }
  return objects;
}
