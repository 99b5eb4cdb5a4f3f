// Schemas
export { inferSchema, type InferOptions } from "./infer-schema.ts";
export { parseSchema } from "./parse-schema.ts";
export {
  type ColumnChanges,
  defineSchema,
  editColumn,
  removeColumn,
  type SchemaDefinition,
} from "./edit-schema.ts";
export type {
  BooleanSchema,
  ColumnSchema,
  Comparison,
  DataSchema,
  EmbeddingSchema,
  NumberSchema,
  RowLimits,
  ShareCheck,
  TextSchema,
} from "./data-schema.ts";
export type { FormatName } from "./formats.ts";

// Batches
export { mergeValidations, validate } from "./validate.ts";
export type { ValidateOptions } from "./validate-options.ts";
export type {
  Anomaly,
  AnomalyCode,
  BatchCounts,
  ComparisonCounts,
  ValidationResult,
} from "./validation-result.ts";
export type {
  Accuracy,
  CheckCounts,
  ColumnCheck,
  ColumnCounts,
  Example,
  NotChecked,
  Observed,
} from "./column-counts.ts";
export { type PatchOperation, suggestPatch, type SuggestedPatch } from "./suggest-patch.ts";

// Single rows
export { checkRow, createRowChecker, type RowChecker, type RowIssue, type RowOptions } from "./check-row.ts";
export { type JsonSchema, toJsonSchema } from "./to-json-schema.ts";
export {
  type RowStandardIssue,
  type RowStandardResult,
  type RowStandardSchema,
  toStandardSchema,
} from "./to-standard-schema.ts";
export { toZod } from "./to-zod.ts";

// Errors
export type { DriftErrorCause } from "../errors/drift-error.ts";
export { InvalidSchemaError, type InvalidSchemaErrorDetails } from "./invalid-schema-error.ts";
