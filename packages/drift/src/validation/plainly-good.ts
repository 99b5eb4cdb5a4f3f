import type { ColumnSchema } from "./data-schema.ts";

/**
 * A quick test that is true only for values that pass every check of a column: plain numbers within
 * limits, known texts, booleans. False says nothing; the checks themselves decide then. Undefined
 * for columns that have no such test.
 */
export function plainlyGoodOf(column: ColumnSchema): ((value: unknown) => boolean) | undefined {
  switch (column.kind) {
    case "numeric":
    case "datetime": {
      const { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE, integer = false } = column;
      return integer
        ? (value) =>
            typeof value === "number" && value >= minimum && value <= maximum && Number.isInteger(value)
        : (value) => typeof value === "number" && value >= minimum && value <= maximum;
    }
    case "boolean":
      return (value) => typeof value === "boolean";
    case "categorical":
    case "text": {
      const { values, minimumLength, maximumLength, textFormat, pattern } = column;
      const isSpelled = [minimumLength, maximumLength, textFormat, pattern].some(
        (limit) => limit !== undefined,
      );
      if (isSpelled) return undefined;
      if (values === undefined) return (value) => typeof value === "string";
      const known: ReadonlySet<unknown> = new Set(values.filter((value) => value.length < 128));
      return (value) => known.has(value);
    }
    case "embedding":
      return undefined;
  }
}
