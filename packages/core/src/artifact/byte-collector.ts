/** A file's bytes in one piece. */
export interface CollectedFile {
  readonly bytes: Uint8Array;
  /** `undefined` where nobody asked for it. */
  readonly sha256: string | undefined;
}

/** Gathers a file's bytes as they come: in one piece of memory where the size is known ahead. */
export class ByteCollector {
  #length = 0;
  /** Where the bytes go once the size is known. */
  #whole: Uint8Array | undefined;
  /** The bytes while it is not. */
  #chunks: Uint8Array[] = [];

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Says how many bytes will come in all. More may, and fewer. */
  reserve(totalBytes: number): void {
    if (this.#whole !== undefined && this.#whole.byteLength >= totalBytes) return;
    const whole = new Uint8Array(Math.max(totalBytes, this.#length));
    this.#copyTo(whole);
    this.#chunks = [];
    this.#whole = whole;
  }

  append(chunk: Uint8Array): void {
    if (this.#whole !== undefined && this.#length + chunk.byteLength <= this.#whole.byteLength) {
      this.#whole.set(chunk, this.#length);
    } else {
      if (this.#whole !== undefined) this.#chunks = [this.#whole.subarray(0, this.#length)];
      this.#whole = undefined;
      this.#chunks.push(chunk);
    }
    this.#length += chunk.byteLength;
  }

  clear(): void {
    this.#length = 0;
    this.#whole = undefined;
    this.#chunks = [];
  }

  /** The first `count` bytes, or what there is of them. */
  head(count: number): Uint8Array {
    const head = new Uint8Array(Math.min(count, this.#length));
    this.#copyTo(head);
    return head;
  }

  /** All bytes. Nothing can be appended any more. */
  finish(): CollectedFile {
    const isExact = this.#whole?.byteLength === this.#length;
    return { bytes: isExact ? this.#whole! : this.head(this.#length), sha256: undefined };
  }

  #copyTo(target: Uint8Array): void {
    const chunks = this.#whole === undefined ? this.#chunks : [this.#whole.subarray(0, this.#length)];
    let offset = 0;
    for (const chunk of chunks) {
      if (offset >= target.byteLength) return;
      target.set(chunk.subarray(0, target.byteLength - offset), offset);
      offset += chunk.byteLength;
    }
  }
}
