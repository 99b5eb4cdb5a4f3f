import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Environment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { CoreBudget } from "../lifecycle/core-budget.ts";
import type { SessionMemory } from "../lifecycle/memory-account.ts";
import type { Model } from "../model/model.ts";
import { BatchScheduler } from "../scheduling/batch-scheduler.ts";
import { type BatchingOptions, type QueueOptions, resolveBatching } from "../scheduling/options.ts";
import { importPadding, resolveSharing, type Sharing } from "../scheduling/sharing.ts";
import type { Warning } from "../warning.ts";
import type { Execution, WorkerOptions } from "./execution.ts";
import { openLanes, type OpenLanes } from "./open-lanes.ts";
import { WarmUp, type WarmupOptions } from "./warm-up.ts";

/** What {@link openEngine} is told. */
export interface EngineOptions<Input> extends Pick<LoadOptions, "signal" | "onProgress"> {
  readonly model: Model<Input, unknown>;
  readonly backend: Backend;
  readonly batching?: BatchingOptions | false | undefined;
  readonly execution?: Execution | undefined;
  readonly workers?: WorkerOptions | undefined;
  readonly queue?: QueueOptions | undefined;
  readonly warmup?: boolean | WarmupOptions<Input> | undefined;
  readonly cores?: CoreBudget | undefined;
  readonly weight?: number | undefined;
  readonly environment: Environment;
  /** Called whenever a run has ended. */
  readonly onRunEnded?: (() => void) | undefined;
  /** Where the memory of each session is accounted for. Default nowhere. */
  readonly claimMemory?: (() => SessionMemory) | undefined;
}

/** A model that is loaded and warm: what runs requests, without what makes requests of inputs. */
export interface Engine extends OpenLanes {
  readonly scheduler: BatchScheduler;
  /** How many requests of one `predictMany` are on their way at a time. */
  readonly manyAtOnce: number;
}

/** Loads a model, runs it for a first time, and puts the queue before it. */
export async function openEngine<Input>(options: EngineOptions<Input>): Promise<Engine> {
  const { model, environment } = options;
  checkModel(model);
  const { maxBatchSize, maxDelayMs, maxQueueSize } = resolveBatching(options.batching, options.queue);
  const padding = await importPadding(options.batching);
  const warnings: Warning[] = [];
  const warmUp = new WarmUp({
    model,
    warmup: options.warmup,
    maxBatchSize: options.batching === false ? 1 : maxBatchSize,
    // Each worker is warmed up, and would say the same.
    onWarning: (warning) =>
      warnings.some(({ message }) => message === warning.message) || warnings.push(warning),
  });
  const opened = await openLanes({ ...options, warmUp, laterWarnings: warnings });
  const { session, lanes } = opened;
  const signature = { inputs: session.inputs, outputs: session.outputs };
  let sharing: Sharing;
  try {
    sharing = resolveSharing(options.batching, session, padding);
  } catch (error) {
    await lanes.release();
    throw error;
  }
  warnings.push(...sharing.warnings);
  const scheduler = new BatchScheduler({
    ...sharing,
    model: model.name,
    signature,
    lanes,
    environment,
    maxBatchSize: Math.min(maxBatchSize, session.maxBatchSize),
    maxRunRows: session.maxBatchSize,
    maxDelayMs,
    maxQueueSize,
  });
  return { ...opened, scheduler, manyAtOnce: Math.max(Math.floor(maxQueueSize / 2), 1) };
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` when it is no model of `defineModel`. */
export function checkModel(model: Model<never, unknown> | undefined): void {
  const isMade =
    model?.codec === undefined
      ? model?.rejectNonFinite !== undefined
      : typeof model.codec.encode === "function";
  if (isMade) return;
  throw new InvalidOptionsError({ option: "model", problem: "has to be made by defineModel()" });
}
