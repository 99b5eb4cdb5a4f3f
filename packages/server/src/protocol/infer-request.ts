import { InvalidInputError } from "@mlops/core";
import { z } from "zod";

const name = z.string().min(1).max(1_000);
const parameters = z.record(z.string().max(256), z.union([z.string(), z.number(), z.boolean()]));

/**
 * An inference request of the Open Inference Protocol. Its tensors' elements are looked at one by
 * one when they are decoded, not here.
 */
const inferRequestSchema: z.ZodType<InferRequest> = z.object({
  id: z.string().max(1_000).optional(),
  parameters: parameters.optional(),
  inputs: z
    .array(
      z.object({
        name,
        datatype: z.string(),
        shape: z.array(z.int().nonnegative()).max(32),
        parameters: parameters.optional(),
        data: z.custom<readonly unknown[]>(Array.isArray, "has to be a list"),
      }),
    )
    .min(1)
    .max(1_000),
  outputs: z
    .array(z.object({ name, parameters: parameters.optional() }))
    .max(1_000)
    .optional(),
});

type Parameters = Readonly<Record<string, string | number | boolean>>;

/** A checked inference request. */
export interface InferRequest {
  readonly id?: string | undefined;
  readonly parameters?: Parameters | undefined;
  readonly inputs: readonly InferInput[];
  /** The outputs asked for; all of them when there is none. */
  readonly outputs?:
    | readonly { readonly name: string; readonly parameters?: Parameters | undefined }[]
    | undefined;
}

/** One input tensor of an inference request. */
export interface InferInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters?: Parameters | undefined;
  /** Flat or nested; not looked into yet. */
  readonly data: readonly unknown[];
}

/**
 * Checks the body of an inference request.
 *
 * @throws InvalidInputError `INVALID_INPUT` when it is no JSON or does not follow the protocol.
 */
export function parseInferRequest(body: Uint8Array): InferRequest {
  const parsed = inferRequestSchema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new InvalidInputError({
    issues: parsed.error.issues.map(({ path, message }) => ({
      path: path.map((key) => (typeof key === "number" ? key : String(key))),
      message,
    })),
  });
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    const message =
      body.byteLength === 0 ? "the body is empty; send JSON" : `the body is no JSON: ${problem}`;
    throw new InvalidInputError({ issues: [{ path: [], message }], cause });
  }
}
