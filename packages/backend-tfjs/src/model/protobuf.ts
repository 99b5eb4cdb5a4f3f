/**
 * The part of protobuf's wire format that is read here: the fields of a message by their number.
 * A message that is cut off ends there.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
function* readFields(bytes: Uint8Array): Generator<readonly [number: number, value: Uint8Array | number]> {
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
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === wireType.varint) yield [number, readVarint()];
    else if (type === wireType.fixed64) offset += 8;
    else if (type === wireType.fixed32) offset += 4;
    else if (type === wireType.lengthDelimited) {
      const length = readVarint();
      yield [number, bytes.subarray(offset, offset + length)];
      offset += length;
    } else return;
  }
}

const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** The bytes of every message or text with this number. */
export function fieldsOf(bytes: Uint8Array, number: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const [each, value] of readFields(bytes)) {
    if (each === number && value instanceof Uint8Array) found.push(value);
  }
  return found;
}

/** The first whole number with this number; above 2^53 it is not exact. */
export function varintOf(bytes: Uint8Array, number: number): number | undefined {
  for (const [each, value] of readFields(bytes))
    if (each === number && typeof value === "number") return value;
  return undefined;
}

/** Bytes as text. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
