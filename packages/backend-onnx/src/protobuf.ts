const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** The bytes of every length-delimited field with the given number, of a protobuf message. */
export function messages(bytes: Uint8Array, fieldNumber: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let offset = 0;
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
    const tag = readVarint();
    const type = tag % 8;
    if (type === wireType.varint) readVarint();
    else if (type === wireType.fixed64) offset += 8;
    else if (type === wireType.fixed32) offset += 4;
    else if (type === wireType.lengthDelimited) {
      const length = readVarint();
      if (Math.floor(tag / 8) === fieldNumber) found.push(bytes.subarray(offset, offset + length));
      offset += length;
    } else break;
  }
  return found;
}
