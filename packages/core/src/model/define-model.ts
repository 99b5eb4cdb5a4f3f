import type { StandardSchemaV1 } from "@standard-schema/spec";

import type { ArtifactSource } from "../artifact/artifact.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Model } from "./model.ts";
import type { ModelCard } from "./model-card.ts";
import { identifierPattern } from "./identifier.ts";
import { schemaCodec } from "./schema-codec.ts";

/** What every model definition has. */
export interface ModelBase {
  /** Letters, digits, `.`, `_` and `-`, at most 128; it becomes part of URLs and metrics. */
  readonly name: string;
  /** Like `name`, and `+`; semantic versions fit. */
  readonly version: string;
  /** Where the model's main file is: a path, a URL, its bytes, or an {@link Artifact}. */
  readonly artifact: ArtifactSource;
  /** The SHA-256 of the main file, 64 hexadecimal digits, checked before it is loaded. */
  readonly sha256?: string | undefined;
  /** The names of the classes, by output index. */
  readonly labels?: readonly string[] | undefined;
  readonly card?: ModelCard | undefined;
  /**
   * Refuse input tensors with NaN or an infinity. Default false: they pass through to the model,
   * as some use them on purpose, and a NaN that nobody meant comes out as a NaN.
   */
  readonly rejectNonFinite?: boolean | undefined;
}

/** A model that takes and gives tensors, as they are. */
export interface TensorModelDefinition extends ModelBase {
  readonly input?: undefined;
  readonly output?: undefined;
  readonly encode?: undefined;
  readonly decode?: undefined;
}

/** A model with a typed input and, through `decode`, a typed output. */
export interface TypedModelDefinition<InputSchema extends StandardSchemaV1, Output> extends ModelBase {
  /** What `predict` takes: any Standard Schema, such as one of zod, valibot or arktype. */
  readonly input: InputSchema;
  readonly output?: undefined;
  /** Makes the tensors of one request; a single row has the shape `[1, …]`. It may be asynchronous. */
  readonly encode: (input: StandardSchemaV1.InferOutput<InputSchema>) => TensorMap | Promise<TensorMap>;
  /** Makes the result from the model's outputs, which have as many rows as `encode` gave. */
  readonly decode: (
    outputs: TensorMap,
    input: StandardSchemaV1.InferOutput<InputSchema>,
  ) => Output | Promise<Output>;
}

/** A typed model whose output is checked by a schema too. */
export interface CheckedModelDefinition<
  InputSchema extends StandardSchemaV1,
  OutputSchema extends StandardSchemaV1,
> extends Omit<TypedModelDefinition<InputSchema, StandardSchemaV1.InferInput<OutputSchema>>, "output"> {
  /** What `predict` gives: any Standard Schema. */
  readonly output: OutputSchema;
}

/** Defines a model that takes and gives tensors. */
export function defineModel(definition: TensorModelDefinition): Model;
/** Defines a model whose output a schema checks. */
export function defineModel<InputSchema extends StandardSchemaV1, OutputSchema extends StandardSchemaV1>(
  definition: CheckedModelDefinition<InputSchema, OutputSchema>,
): Model<StandardSchemaV1.InferInput<InputSchema>, StandardSchemaV1.InferOutput<OutputSchema>>;
/**
 * Defines a model: its name and version, where its files are, and how a typed input becomes
 * tensors and the model's outputs a typed result. Nothing is read or loaded yet.
 *
 * The types flow: `predict` takes the input type of `input` and gives what `decode` returns.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a name, a version or a combination is not allowed.
 */
export function defineModel<InputSchema extends StandardSchemaV1, Output>(
  definition: TypedModelDefinition<InputSchema, Output>,
): Model<StandardSchemaV1.InferInput<InputSchema>, Output>;
export function defineModel(
  definition:
    | TensorModelDefinition
    | TypedModelDefinition<StandardSchemaV1, unknown>
    | CheckedModelDefinition<StandardSchemaV1, StandardSchemaV1>,
): Model<unknown, unknown> | Model {
  const { name, version, artifact, sha256, labels, card, rejectNonFinite = false } = definition;
  checkIdentifier("name", name);
  checkIdentifier("version", version);
  const base = {
    name,
    version,
    artifact,
    sha256,
    labels: labels && Object.freeze([...labels]),
    card,
    rejectNonFinite,
  };
  if (definition.input === undefined) {
    for (const option of ["output", "encode", "decode"] as const) {
      if (definition[option] !== undefined) {
        throw new InvalidOptionsError({ option, problem: "needs an `input` schema beside it" });
      }
    }
    return Object.freeze({ ...base, codec: undefined });
  }
  for (const option of ["encode", "decode"] as const) {
    if (typeof definition[option] !== "function") {
      throw new InvalidOptionsError({ option, problem: "has to be a function, as `input` is given" });
    }
  }
  return Object.freeze({ ...base, codec: schemaCodec(definition) });
}

function checkIdentifier(option: string, value: unknown): void {
  if (typeof value === "string" && identifierPattern.test(value)) return;
  throw new InvalidOptionsError({
    option,
    problem: `is ${JSON.stringify(value)}; it has to be 1 to 128 letters, digits, ".", "_", "-" or "+", not starting with a sign`,
  });
}
