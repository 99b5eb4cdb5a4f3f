/**
 * Writes protocol buffers: the wire format, with no schema and no dependency.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** A 64-bit integer, in two's complement when it is negative. */
  int64(field: number, value: bigint | undefined): this {
    if (value === undefined) return this;
    this.#varint(BigInt(field << 3));
    this.#varint(BigInt.asUintN(64, value));
    return this;
  }

  int32(field: number, value: number | undefined): this {
    return this.int64(field, value === undefined ? undefined : BigInt(value));
  }

  float(field: number, value: number | undefined): this {
    if (value === undefined) return this;
    this.#varint(BigInt((field << 3) | 5));
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#append(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array | undefined): this {
    if (value === undefined) return this;
    this.#varint(BigInt((field << 3) | 2));
    this.#varint(BigInt(value.byteLength));
    this.#append(value);
    return this;
  }

  string(field: number, value: string | undefined): this {
    return this.bytes(field, value === undefined ? undefined : new TextEncoder().encode(value));
  }

  /** A message inside this one. Its bytes are not copied before {@link finish}. */
  message<Message>(
    field: number,
    value: Message | undefined,
    write: (writer: ProtobufWriter, message: Message) => void,
  ): this {
    if (value === undefined) return this;
    const inner = new ProtobufWriter();
    write(inner, value);
    this.#varint(BigInt((field << 3) | 2));
    this.#varint(BigInt(inner.#length));
    for (const chunk of inner.#chunks) this.#append(chunk);
    return this;
  }

  /** All bytes in one piece. */
  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return bytes;
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>= 7n) {
      const low = Number(rest & 0x7fn);
      if (rest < 0x80n) {
        bytes.push(low);
        break;
      }
      bytes.push(low | 0x80);
    }
    this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.byteLength;
  }
}
