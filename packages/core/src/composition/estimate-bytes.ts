/** Bytes counted for an object, and for each of its properties, besides what they hold. */
const objectBytes = 48;
const propertyBytes = 16;

/**
 * Roughly how much memory a value holds, in bytes: buffers by their length, strings by two bytes a
 * character, 8 for a number, and a fixed amount for each object and property. What occurs twice
 * counts once. A typed array holds all of its buffer, of which it may show a small part.
 */
export function estimateBytes(value: unknown): number {
  const seen = new Set<object>();
  const pending = [value];
  let bytes = 0;
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === "string") bytes += 2 * next.length;
    else if (typeof next !== "object" || next === null) bytes += 8;
    else if (!seen.has(next)) {
      seen.add(next);
      if (isBuffer(next)) bytes += next.byteLength;
      else {
        const held = heldBy(next);
        bytes += objectBytes + propertyBytes * held.length;
        for (const one of held) pending.push(one);
      }
    }
  }
  return bytes;
}

function isBuffer(value: object): value is ArrayBufferLike {
  const kind: unknown = Reflect.get(value, Symbol.toStringTag);
  return kind === "ArrayBuffer" || kind === "SharedArrayBuffer";
}

/** What an object holds, besides itself. */
function heldBy(value: object): unknown[] {
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return [...value];
  return Object.values(value);
}
