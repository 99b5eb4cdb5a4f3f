/** Bytes counted for an object, and for each of its properties, besides what they hold. */
const objectBytes = 48;
const propertyBytes = 16;

/**
 * Roughly how much memory a value holds, in bytes: typed arrays by their length, strings by two
 * bytes a character, 8 for a number, and a fixed amount for each object and property. What occurs
 * twice counts once.
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
      bytes += objectBytes;
      if (ArrayBuffer.isView(next)) bytes += next.byteLength;
      else {
        const values = Object.values(next);
        bytes += propertyBytes * values.length;
        for (const held of values) pending.push(held);
      }
    }
  }
  return bytes;
}
