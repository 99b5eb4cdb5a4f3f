const wireType = {
  varint: 0,
  fixed64: 1,
  lengthDelimited: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;

/**
 * The bytes of every length-delimited field with the given number, of a protobuf message.
 *
 * Every file that protobuf's own parser reads is read the same here, with groups and tags of more bytes
 * than needed: else a model could hide from this what ONNX Runtime finds.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function messages(bytes: Uint8Array, fieldNumber: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let offset = 0;
  let openGroups = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; offset < bytes.length; factor *= 128) {
      const byte = bytes[offset]!;
      offset += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (offset < bytes.length) {
    // A tag has 32 bits: the parser lets those above them go.
    const tag = readVarint() % 2 ** 32;
    const type = tag % 8;
    if (type === wireType.varint) readVarint();
    else if (type === wireType.fixed64) offset += 8;
    else if (type === wireType.fixed32) offset += 4;
    else if (type === wireType.groupStart) openGroups += 1;
    else if (type === wireType.groupEnd && openGroups > 0) openGroups -= 1;
    else if (type === wireType.lengthDelimited) {
      const length = readVarint();
      const isWanted = openGroups === 0 && Math.floor(tag / 8) === fieldNumber;
      if (isWanted) found.push(bytes.subarray(offset, offset + length));
      offset += length;
    } else break;
  }
  return found;
}
