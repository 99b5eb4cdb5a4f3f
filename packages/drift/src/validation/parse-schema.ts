import { z } from "zod";
import { type ColumnSchema, type DataSchema, shareChecks } from "./data-schema.ts";
import { type FormatName, formatNames } from "./formats.ts";
import { InvalidSchemaError } from "./invalid-schema-error.ts";
import { whyUnsafe } from "./safe-pattern.ts";

/** The largest number of columns, comparisons and environments. */
const maxColumns = 20_000;
const maxValues = 10_000;

/**
 * Reads a schema from wherever it comes: nothing in it is trusted. A text is parsed as JSON first.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`, with the place in it, for anything else.
 */
export function parseSchema(json: unknown): DataSchema {
  const parsed = createFormat().safeParse(typeof json === "string" ? parseText(json) : json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidSchemaError({
      path: pathOf(issue?.path ?? []),
      problem: `is not valid: ${issue?.message ?? "unknown"}`,
    });
  }
  checkReferences(parsed.data);
  for (const [index, column] of parsed.data.columns.entries()) checkLimits(column, `columns[${index}]`);
  return parsed.data;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidSchemaError({ path: "", problem: "is no JSON", cause });
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

/** In a function, so that bundlers can leave it out where no schema is read. */
function createFormat(): z.ZodType<DataSchema> {
  const name = z.string().max(1_024);
  const names = z.array(name).max(100).optional();
  const share = z.number().min(0).max(1).optional();
  const flag = z.boolean().optional();
  const count = z.number().int().min(0).optional();
  const common = {
    required: flag,
    nullable: flag,
    onlyIn: names,
    mostly: z.strictObject(Object.fromEntries(shareChecks.map((check) => [check, share]))).optional(),
    unique: flag,
    mostFrequentShare: z.number().gt(0).lt(1).optional(),
  };
  const column = z.discriminatedUnion("kind", [
    z.strictObject({
      name,
      kind: z.enum(["numeric", "datetime"]),
      ...common,
      finite: flag,
      integer: flag,
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      monotonic: z
        .enum(["increasing", "strictly-increasing", "decreasing", "strictly-decreasing"])
        .optional(),
    }),
    z.strictObject({
      name,
      kind: z.enum(["categorical", "text"]),
      ...common,
      values: z.array(z.string().max(128)).max(maxValues).optional(),
      minimumLength: count,
      maximumLength: count,
      textFormat: z.enum<readonly FormatName[]>(formatNames).optional(),
      pattern: z.string().max(500).optional(),
    }),
    z.strictObject({ name, kind: z.literal("boolean"), ...common }),
    z.strictObject({
      name,
      kind: z.literal("embedding"),
      ...common,
      dimensions: z.number().int().min(1).max(65_536),
    }),
  ]);
  return z.strictObject({
    format: z.literal("mlops.drift.schema"),
    version: z.literal(1),
    columns: z.array(column).max(maxColumns),
    unknownColumns: z.enum(["allow", "refuse"]),
    rows: z.strictObject({ minimum: count, maximum: count }).optional(),
    comparisons: z
      .array(
        z.strictObject({ left: name, operator: z.enum(["<", "<=", "==", "!="]), right: name, mostly: share }),
      )
      .max(maxColumns)
      .optional(),
    environments: names,
  });
}

/** Names have to be there, once: a misspelt one would pass unnoticed. */
function checkReferences({ columns, comparisons = [], environments = [], rows = {} }: DataSchema): void {
  const names = new Set(columns.map(({ name }) => name));
  if (names.size < columns.length) {
    throw new InvalidSchemaError({ path: "columns", problem: "has two columns with one name" });
  }
  for (const [index, { left, right }] of comparisons.entries()) {
    for (const [side, name] of Object.entries({ left, right })) {
      if (names.has(name)) continue;
      throw new InvalidSchemaError({
        path: `comparisons[${index}].${side}`,
        problem: `names a column that is not there: ${JSON.stringify(name)}`,
      });
    }
  }
  for (const [index, { onlyIn = [] }] of columns.entries()) {
    const unknown = onlyIn.find((environment) => !environments.includes(environment));
    if (unknown === undefined) continue;
    throw new InvalidSchemaError({
      path: `columns[${index}].onlyIn`,
      problem: `names an environment that is not among environments: ${JSON.stringify(unknown)}`,
    });
  }
  checkOrder("rows", rows.minimum, rows.maximum);
}

function checkLimits(column: ColumnSchema, path: string): void {
  if (column.kind === "numeric" || column.kind === "datetime") {
    checkOrder(path, column.minimum, column.maximum);
  }
  if (column.kind !== "categorical" && column.kind !== "text") return;
  checkOrder(path, column.minimumLength, column.maximumLength);
  const problem = column.pattern === undefined ? undefined : whyUnsafe(column.pattern);
  if (problem !== undefined) throw new InvalidSchemaError({ path: `${path}.pattern`, problem });
}

function checkOrder(path: string, minimum: number | undefined, maximum: number | undefined): void {
  if (minimum === undefined || maximum === undefined || minimum <= maximum) return;
  throw new InvalidSchemaError({ path, problem: `has a minimum ${minimum} above its maximum ${maximum}` });
}
