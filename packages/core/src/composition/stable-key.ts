/** The most characters of a key; a byte of a typed array is one. */
const maxKeyLength = 2 ** 22;
const maxDepth = 100;

/**
 * Writes a value as a string, two values as the same string only when they are equal: numbers by
 * `Object.is`, so that 0 and -0 differ; plain objects by their own enumerable properties in any
 * order; lists by their elements; typed arrays by their kind and bytes; dates by their time.
 *
 * @returns `undefined` for what cannot be written so (functions, symbols, instances of other
 *   classes, cycles, more than 100 levels) and for what takes more than 4,194,304 characters.
 */
export function stableKey(value: unknown): string | undefined {
  const writer = new KeyWriter();
  return writer.write(value, 0) ? writer.parts.join("") : undefined;
}

class KeyWriter {
  readonly parts: string[] = [];
  #length = 0;

  /** Whether the value could be written. */
  write(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case "string":
        return value.length <= maxKeyLength && this.#add(JSON.stringify(value));
      case "number":
        return this.#add(Object.is(value, -0) ? "-0" : String(value));
      case "bigint":
        return this.#add(`${value}n`);
      case "boolean":
      case "undefined":
        return this.#add(String(value));
      case "object":
        return value === null ? this.#add("null") : depth < maxDepth && this.#writeObject(value, depth + 1);
      default:
        return false;
    }
  }

  #writeObject(value: object, depth: number): boolean {
    if (Array.isArray(value)) return isOf(value, Array.prototype) && this.#writeList(value, depth);
    if (ArrayBuffer.isView(value)) return this.#writeBytes(value);
    if (value instanceof Date) return isOf(value, Date.prototype) && this.#add(`Date(${value.getTime()})`);
    if (!isPlain(value) || Object.getOwnPropertySymbols(value).length > 0) return false;
    const names = Object.keys(value).toSorted();
    return (
      this.#add("{") &&
      names.every(
        (name) =>
          this.#add(JSON.stringify(name)) &&
          this.#add(":") &&
          this.write(Reflect.get(value, name), depth) &&
          this.#add(","),
      ) &&
      this.#add("}")
    );
  }

  #writeList(list: readonly unknown[], depth: number): boolean {
    if (!this.#add("[")) return false;
    for (let index = 0; index < list.length; index += 1) {
      const isWritten = Object.hasOwn(list, index) ? this.write(list[index], depth) : this.#add("hole");
      if (!isWritten || !this.#add(",")) return false;
    }
    return this.#add("]");
  }

  #writeBytes(view: ArrayBufferView): boolean {
    const kind = Object.prototype.toString.call(view);
    const { buffer, byteOffset, byteLength } = view;
    // With the length before them, bytes cannot be taken for what follows.
    if (byteLength > maxKeyLength || !this.#add(`${kind}${byteLength}:`)) return false;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    for (let start = 0; start < byteLength; start += chunkSize) {
      if (!this.#add(String.fromCharCode(...bytes.subarray(start, start + chunkSize)))) return false;
    }
    return true;
  }

  #add(part: string): boolean {
    this.#length += part.length;
    this.parts.push(part);
    return this.#length <= maxKeyLength;
  }
}

/** Few enough to be the arguments of one call. */
const chunkSize = 4_096;

/** Whether the value is of that class itself, which its subclasses are not. */
function isOf(value: object, prototype: object): boolean {
  return Object.getPrototypeOf(value) === prototype;
}

/** Whether the value is an object as a literal makes it, of this realm or without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
