import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { Signature, TensorInfo } from "../tensor/tensor-info.ts";
import type { Warning } from "../warning.ts";
import { isBatchable, isBatchName } from "./batch-key.ts";
import type { BatchingOptions } from "./options.ts";
import type { SequenceLayout } from "./sequence-layout.ts";

/** What a model's signature and the options come to. */
export interface Sharing {
  /** Whether requests may share runs. */
  readonly shareRuns: boolean;
  /** Whether a request of too many rows may run in parts. */
  readonly splitRequests: boolean;
  /** How sequences are padded, if they are. */
  readonly sequences: SequenceLayout | undefined;
  readonly warnings: readonly Warning[];
}

/** What pads sequences, made for a model by its signature. */
type SequencePadding = typeof SequenceLayout;

/**
 * Loads what pads sequences, where there are any to be padded.
 *
 * @throws InvalidOptionsError when the options are wrong whatever the model.
 */
export async function importPadding(
  batching: BatchingOptions | false | undefined,
): Promise<SequencePadding | undefined> {
  const { sequences } = batching || {};
  if (sequences === undefined) return undefined;
  const { SequenceLayout, checkSequences } = await import("./sequence-layout.ts");
  checkSequences(sequences);
  return SequenceLayout;
}

/**
 * Decides whether the rows of requests are independent of each other, so that runs can be shared
 * and requests be split.
 *
 * @throws InvalidOptionsError when the options say so and the signature names another batch
 *   dimension, or say what to pad and it is not there.
 */
export function resolveSharing(
  batching: BatchingOptions | false | undefined,
  signature: Signature,
  Layout: SequencePadding | undefined,
): Sharing {
  const declared = batching === false ? undefined : batching?.rowsAreIndependent;
  if (declared === true) refuseOtherBatchDimension(signature);
  const splitRequests = declared ?? isBatchable(signature);
  const shareRuns = batching !== false && splitRequests;
  const sequences = sequencesOf(batching || {}, shareRuns, signature, Layout);
  const isSurprise = batching !== false && batching !== undefined && declared === undefined && !shareRuns;
  return { shareRuns, splitRequests, sequences, warnings: isSurprise ? [notShared] : [] };
}

function sequencesOf(
  { sequences }: BatchingOptions,
  shareRuns: boolean,
  signature: Signature,
  Layout: SequencePadding | undefined,
): SequenceLayout | undefined {
  if (sequences === undefined || Layout === undefined) return undefined;
  if (shareRuns) return new Layout(sequences, signature);
  throw new InvalidOptionsError({
    option: "batching.sequences",
    problem:
      "is for requests that share runs, but the signature does not say that the first dimension of every input " +
      "and output is the batch; if it is, set `batching.rowsAreIndependent` to true",
  });
}

const notShared: Warning = Object.freeze({
  type: "unsupported-setting",
  setting: "batching",
  message:
    "Requests do not share runs: the signature does not say that the first dimension of every input and " +
    "output varies and is the batch. If it is, set `batching.rowsAreIndependent` to true, else `batching` to false.",
});

function refuseOtherBatchDimension({ inputs, outputs }: Signature): void {
  for (const { name, shape } of [...inputs, ...outputs]) {
    const axis = batchAxisOf(shape);
    if (axis < 1) continue;
    throw new InvalidOptionsError({
      option: "batching.rowsAreIndependent",
      problem:
        `is true, but the batch of ${JSON.stringify(name)} is not its first dimension: its shape is ` +
        `[${shape!.map((size) => size ?? "?").join(", ")}]; export the model with the batch first, or leave the option out`,
    });
  }
}

/** The first dimension that is named like a batch; -1 when none is. */
function batchAxisOf(shape: TensorInfo["shape"]): number {
  return shape?.findIndex((size) => typeof size === "string" && isBatchName(size)) ?? -1;
}
