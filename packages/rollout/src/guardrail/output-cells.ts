import { z } from "zod";

import { readField } from "./output-field.ts";

/** How an output becomes one of some cells. `field` is the value's place in the output, such as `label`; default the output itself. */
export type OutputCells =
  /** By its class: a text, a number or a boolean. */
  | { readonly by: "class"; readonly field?: string | undefined }
  /** By the largest of its probabilities: an array. */
  | { readonly by: "largest"; readonly field?: string | undefined }
  /** By a number, cut at these edges, which ascend: a value at an edge is above it. */
  | { readonly by: "score"; readonly field?: string | undefined; readonly edges: readonly number[] }
  /** By a vector's Euclidean distance from a centre, cut at these edges. */
  | {
      readonly by: "distance";
      readonly field?: string | undefined;
      readonly center: readonly number[];
      readonly edges: readonly number[];
    };

const field = z.string().max(256).optional();
const edges = z
  .array(z.number())
  .min(1)
  .max(255)
  .refine((list) => list.every((edge, index) => index === 0 || edge > list[index - 1]!), {
    error: "edges have to ascend",
  });

/** What {@link OutputCells} from outside have to be. */
export const outputCellsSchema: z.ZodType<OutputCells> = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("class"), field }),
  z.strictObject({ by: z.literal("largest"), field }),
  z.strictObject({ by: z.literal("score"), field, edges }),
  z.strictObject({ by: z.literal("distance"), field, center: z.array(z.number()).min(1).max(65_536), edges }),
]);

/** The cell of what has no value of the wanted form there: `none`. */
const noneCell = "none";

/** The name of an output's cell. Class names are cut at 128 characters. */
export function cellOf(output: unknown, cells: OutputCells): string {
  const value = readField(output, cells.field ?? "");
  switch (cells.by) {
    case "class":
      return isClass(value) ? String(value).slice(0, 128) : noneCell;
    case "largest":
      return isNumbers(value) && value.length > 0 ? String(indexOfLargest(value)) : noneCell;
    case "score":
      return typeof value === "number" && !Number.isNaN(value) ? nameOfPart(value, cells.edges) : noneCell;
    case "distance":
      return isNumbers(value) && value.length === cells.center.length
        ? nameOfPart(distanceOf(value, cells.center), cells.edges)
        : noneCell;
  }
}

function isClass(value: unknown): value is string | number | bigint | boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return (
    (Array.isArray(value) && value.every((item) => typeof item === "number")) ||
    (ArrayBuffer.isView(value) &&
      !(value instanceof DataView) &&
      !(value instanceof BigInt64Array) &&
      !(value instanceof BigUint64Array))
  );
}

function indexOfLargest(values: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 1; index < values.length; index += 1)
    if (values[index]! > values[largest]!) largest = index;
  return largest;
}

function distanceOf(values: ArrayLike<number>, center: readonly number[]): number {
  let square = 0;
  for (let index = 0; index < center.length; index += 1) square += (values[index]! - center[index]!) ** 2;
  return Math.sqrt(square);
}

function nameOfPart(value: number, edges: readonly number[]): string {
  let part = 0;
  while (part < edges.length && value >= edges[part]!) part += 1;
  return String(part);
}
