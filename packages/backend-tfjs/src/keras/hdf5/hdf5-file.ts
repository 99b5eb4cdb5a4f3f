import { FormatProblem } from "../format-problem.ts";
import { readTexts } from "./attribute.ts";
import { ByteReader } from "./byte-reader.ts";
import { type FloatDataset, readFloatDataset } from "./dataset.ts";
import { GlobalHeap } from "./global-heap.ts";
import { type HeaderMessage, messageTypes, readObjectHeader } from "./object-header.ts";
import { readSymbolTable } from "./symbol-table.ts";

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether `bytes` begin as an HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/**
 * Opens an HDF5 file, for the part of the format that h5py writes by default and so Keras does:
 * superblock 0 or 1, groups with symbol tables, datasets in one piece, attributes of text. It
 * reads what is asked for and no more, takes no memory but for text and for floats that are no
 * aligned float32, and ends after a number of steps that the file's size bounds.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html The file format
 *   specification, whose sections the comments of this folder name.
 * @throws FormatProblem when the file is damaged, or uses another part of the format.
 */
export function openHdf5(bytes: Uint8Array): Hdf5Node {
  if (!isHdf5(bytes)) throw new FormatProblem("it is no HDF5 file");
  const reader = new ByteReader(bytes);
  const version = reader.uint8(8);
  if (version > 1) {
    throw new FormatProblem(
      `its HDF5 superblock is of version ${version}; only 0 and 1 are read, which h5py writes by default. Save it again with Keras`,
    );
  }
  if (reader.uint8(13) !== 8 || reader.uint8(14) !== 8) {
    throw new FormatProblem("its HDF5 addresses do not have 64 bits, or it is damaged");
  }
  const addresses = version === 0 ? 24 : 28;
  const endOfFile = reader.length(addresses + 16);
  if (reader.length(addresses) !== 0) throw new FormatProblem("its HDF5 part does not begin at its start");
  if (endOfFile > bytes.byteLength) {
    throw new FormatProblem(
      `its HDF5 part is truncated: ${bytes.byteLength} of ${endOfFile} bytes are there`,
    );
  }
  return new Hdf5Node(reader, new GlobalHeap(reader), reader.length(addresses + 40), "");
}

/** A group or a dataset of an HDF5 file. */
export class Hdf5Node {
  readonly #reader: ByteReader;
  readonly #heap: GlobalHeap;
  readonly #messages: readonly HeaderMessage[];
  /** Its full name, without a slash before it; `""` for the root. */
  readonly path: string;
  #members: ReadonlyMap<string, number> | undefined;

  constructor(reader: ByteReader, heap: GlobalHeap, address: number, path: string) {
    this.#reader = reader;
    this.#heap = heap;
    this.path = path;
    this.#messages = readObjectHeader(reader, address);
  }

  /** The names of a group's members; none for a dataset. */
  get names(): readonly string[] {
    return [...this.#readMembers().keys()];
  }

  /** The member at a path such as `dense/vars/0`, `undefined` when there is none. */
  find(path: string): Hdf5Node | undefined {
    // Two slashes in a row count as one.
    const names = path.split("/").filter((name) => name !== "");
    return names.reduce<Hdf5Node | undefined>(
      (node, name) => (node === undefined ? undefined : node.#member(name)),
      this,
    );
  }

  /** The strings of an attribute, `undefined` when it is not there or no text. */
  texts(name: string): readonly string[] | undefined {
    for (const message of this.#messages) {
      if (message.type === messageTypes.attributeInfo) this.#refuseDenseAttributes(message);
      if (message.type !== messageTypes.attribute) continue;
      this.#reader.step();
      const texts = readTexts(this.#reader, this.#heap, message, name);
      if (texts !== undefined) return texts;
    }
    return undefined;
  }

  /** The floats of a dataset. @throws FormatProblem as {@link readFloatDataset} does. */
  floats(): FloatDataset {
    this.#reader.step();
    return readFloatDataset(this.#reader, this.#messages, this.path);
  }

  #member(name: string): Hdf5Node | undefined {
    const address = this.#readMembers().get(name);
    if (address === undefined) return undefined;
    const path = this.path === "" ? name : `${this.path}/${name}`;
    return new Hdf5Node(this.#reader, this.#heap, address, path);
  }

  #readMembers(): ReadonlyMap<string, number> {
    if (this.#members === undefined) {
      const table = this.#messages.find(({ type }) => type === messageTypes.symbolTable);
      const at = (offset: number): number => this.#reader.address((table?.offset ?? 0) + offset) ?? -1;
      this.#members = table === undefined ? new Map() : readSymbolTable(this.#reader, at(0), at(8));
    }
    return this.#members;
  }

  #refuseDenseAttributes(message: HeaderMessage): void {
    const flags = this.#reader.uint8(message.offset + 1);
    if (this.#reader.address(message.offset + 2 + (flags & 1 ? 2 : 0)) !== undefined) {
      throw new FormatProblem(
        "its HDF5 part keeps attributes in a fractal heap, which Keras does not do; save it again with Keras",
      );
    }
  }
}
