import { isPlain } from "./stable-key.ts";

/**
 * Copies lists, plain objects, dates and typed arrays, frozen where the original is, so that
 * nobody can change the original. What else there is, such as an instance of a class, is not copied.
 */
export function copyValue<Value>(value: Value): Value {
  // Each branch of copyUnknown() makes what it was given.
  return copyUnknown(value, new Map()) as Value;
}

function copyUnknown(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  // What occurs twice, or within itself, does so in the copy.
  if (copies.has(value)) return copies.get(value);
  if (ArrayBuffer.isView(value)) return keep(copyView(value));
  if (value instanceof Date) return keep(new Date(value));
  if (Array.isArray(value)) {
    const list = keep(Array<unknown>(value.length));
    value.forEach((element, index) => (list[index] = copyUnknown(element, copies)));
    return Object.isFrozen(value) ? Object.freeze(list) : list;
  }
  if (!isPlain(value)) return value;
  const record = keep<Record<string, unknown>>(
    Object.getPrototypeOf(value) === null ? Object.create(null) : {},
  );
  for (const [name, held] of Object.entries(value)) {
    const copy = copyUnknown(held, copies);
    if (name !== "__proto__") record[name] = copy;
    // Assigned, it would become the prototype.
    else
      Object.defineProperty(record, name, {
        value: copy,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return Object.isFrozen(value) ? Object.freeze(record) : record;

  function keep<Copy extends object>(copy: Copy): Copy {
    if (typeof value === "object" && value !== null) copies.set(value, copy);
    return copy;
  }
}

function copyView(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
  // By the kind, not by its constructor: that of a subclass, such as Node's Buffer, need not take this.
  const kind = String(Reflect.get(view, Symbol.toStringTag));
  const Kind = Reflect.get(globalThis, kind) as new (bytes: ArrayBufferLike) => ArrayBufferView;
  return new Kind(bytes);
}
