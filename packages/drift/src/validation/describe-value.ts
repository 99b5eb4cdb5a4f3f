const shown = 80;

/**
 * A value in at most about a hundred characters, safe to print: control characters are escaped, texts
 * are cut, and what is inside an object is left out.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length <= shown
        ? JSON.stringify(value)
        : `${JSON.stringify(value.slice(0, shown))}… (${value.length} characters)`;
    case "bigint": {
      const digits = value > 10n ** 40n || value < -(10n ** 40n) ? "a very large bigint" : `${value}n`;
      return digits;
    }
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "null";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString();
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a typed array of ${value.byteLength} bytes`;
  return "an object";
}
