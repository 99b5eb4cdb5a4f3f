import type { Session } from "../backend/session.ts";
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

/** What a session says of its rows. */
type RowTraits = Signature & Pick<Session, "rowDependence">;

/**
 * Decides whether the rows of requests are independent of each other, so that runs can be shared
 * and requests be split.
 *
 * @throws InvalidOptionsError when the options say so and the signature names another batch
 *   dimension, or say what to pad and it is not there.
 */
export function resolveSharing(
  batching: BatchingOptions | false | undefined,
  session: RowTraits,
  Layout: SequencePadding | undefined,
): Sharing {
  const declared = batching === false ? undefined : batching?.rowsAreIndependent;
  if (declared === true) refuseOtherBatchDimension(session);
  const splitRequests = declared ?? (session.rowDependence === undefined && isBatchable(session));
  const shareRuns = batching !== false && splitRequests;
  const sequences = sequencesOf(batching || {}, shareRuns, session, Layout);
  const warning = batching === false ? undefined : surpriseOf(batching, shareRuns, session);
  return { shareRuns, splitRequests, sequences, warnings: warning === undefined ? [] : [warning] };
}

function sequencesOf(
  { sequences, rowsAreIndependent }: BatchingOptions,
  shareRuns: boolean,
  session: RowTraits,
  Layout: SequencePadding | undefined,
): SequenceLayout | undefined {
  if (sequences === undefined || Layout === undefined) return undefined;
  if (shareRuns) return new Layout(sequences, session);
  // A warning tells of it: who asks for padding cannot be expected to know how a model was quantized.
  if (rowsAreIndependent === undefined && session.rowDependence !== undefined) return undefined;
  throw new InvalidOptionsError({
    option: "batching.sequences",
    problem:
      "is for requests that share runs, but the signature does not say that the first dimension of every input " +
      "and output is the batch; if it is, set `batching.rowsAreIndependent` to true",
  });
}

/** What is not as one would expect it of how runs are shared. */
function surpriseOf(
  batching: BatchingOptions | undefined,
  shareRuns: boolean,
  session: RowTraits,
): Warning | undefined {
  const { rowDependence } = session;
  const declared = batching?.rowsAreIndependent;
  if (rowDependence !== undefined && isBatchable(session) && declared !== false) {
    return dependentRows(rowDependence);
  }
  return batching !== undefined && declared === undefined && !shareRuns ? notShared : undefined;
}

const notShared: Warning = Object.freeze({
  type: "unsupported-setting",
  setting: "batching",
  message:
    "Requests do not share runs: the signature does not say that the first dimension of every input and " +
    "output varies and is the batch. If it is, set `batching.rowsAreIndependent` to true, else `batching` to false.",
});

function dependentRows(rowDependence: string): Warning {
  return {
    type: "other",
    message:
      `A request's results would depend on who shares its run: the model ${rowDependence}. ` +
      "Runs are shared only if `batching.rowsAreIndependent` is true; set `batching` to false if that is never meant.",
  };
}

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
