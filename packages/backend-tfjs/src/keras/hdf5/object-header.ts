import { FormatProblem } from "../format-problem.ts";
import type { ByteReader } from "./byte-reader.ts";

/** The kinds of header messages that are read, by their number in the HDF5 specification, IV.A.2. */
export const messageTypes = {
  dataspace: 0x01,
  datatype: 0x03,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** One message of an object's header: where its body lies. */
export interface HeaderMessage {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** The flag of a message that only points to its body elsewhere. */
const sharedFlag = 0x02;

/**
 * The messages of an object's header, version 1 (HDF5 specification, IV.A.1.a), which is what
 * h5py writes unless told otherwise.
 *
 * @throws FormatProblem when the header is damaged, or of a newer version.
 */
export function readObjectHeader(reader: ByteReader, address: number): readonly HeaderMessage[] {
  const version = reader.uint8(address);
  if (version !== 1) {
    throw new FormatProblem(
      `its HDF5 part has an object header of another version than 1 at byte ${address}: ` +
        "it is damaged, or was not written by Keras; save it again with Keras",
    );
  }
  const count = reader.uint16(address + 2);
  const messages: HeaderMessage[] = [];
  const blocks = [{ offset: address + 16, size: reader.uint32(address + 8) }];
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const end = block.offset + block.size;
    for (let offset = block.offset; offset + 8 <= end && messages.length < count;) {
      reader.step();
      const message = { type: reader.uint16(offset), offset: offset + 8, size: reader.uint16(offset + 2) };
      if ((reader.uint8(offset + 4) & sharedFlag) !== 0) {
        throw new FormatProblem("its HDF5 part shares header messages, which Keras never does");
      }
      reader.slice(message.offset, message.size);
      messages.push(message);
      if (message.type === messageTypes.continuation) {
        const next = reader.address(message.offset);
        if (next !== undefined) blocks.push({ offset: next, size: reader.length(message.offset + 8) });
      }
      offset = message.offset + message.size;
    }
  }
  return messages;
}
