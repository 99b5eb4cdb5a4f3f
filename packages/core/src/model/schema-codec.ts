import type { StandardSchemaV1 } from "@standard-schema/spec";

import { CodecError } from "../errors/codec-error.ts";
import { describeIssues, type InputIssue } from "../errors/input-issue.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Codec } from "./model.ts";

interface SchemaDefinition {
  readonly name: string;
  readonly input: StandardSchemaV1;
  readonly output?: StandardSchemaV1 | undefined;
  readonly encode: (input: unknown) => TensorMap | Promise<TensorMap>;
  readonly decode: (outputs: TensorMap, input: unknown) => unknown;
}

/** Validates by `input`, then encodes; decodes, then validates by `output` where there is one. */
export function schemaCodec({
  name,
  input,
  output,
  encode,
  decode,
}: SchemaDefinition): Codec<unknown, unknown> {
  const runStage = async <T>(stage: CodecError["stage"], run: () => T | Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (cause) {
      if (MlopsError.isInstance(cause)) throw cause;
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new CodecError({ model: name, stage, problem, cause });
    }
  };

  return Object.freeze({
    async encode(value: unknown) {
      const validated = await runStage("input", () => input["~standard"].validate(value));
      if (validated.issues) throw new InvalidInputError({ issues: validated.issues.map(toInputIssue) });
      const tensors = await runStage("encode", () => encode(validated.value));
      return {
        tensors,
        async decode(outputs: TensorMap) {
          const result = await runStage("decode", () => decode(outputs, validated.value));
          if (output === undefined) return result;
          const checked = await runStage("output", () => output["~standard"].validate(result));
          if (!checked.issues) return checked.value;
          const problem = describeIssues(checked.issues.map(toInputIssue));
          throw new CodecError({ model: name, stage: "output", problem });
        },
      };
    },
  });
}

function toInputIssue({ path = [], message }: StandardSchemaV1.Issue): InputIssue {
  const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment));
  return { path: keys.map((key) => (typeof key === "number" ? key : String(key))), message };
}
