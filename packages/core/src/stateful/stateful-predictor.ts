import { composeInfo } from "../composition/composed-info.ts";
import { DefinedPredictor } from "../composition/defined-predictor.ts";
import { toTypedError } from "../composition/typed-errors.ts";
import { systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { TensorNameError } from "../errors/tensor-name-error.ts";
import type {
  PredictOptions,
  Predictor,
  PredictorHealth,
  PredictorInfo,
  TensorPredictOptions,
} from "../predictor/predictor.ts";
import { createInputCheck } from "../tensor/check-inputs.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Warning } from "../warning.ts";
import { type SessionCounts, SessionTable } from "./session-table.ts";
import { layOutStates, type StateLayout } from "./state-layout.ts";
import { resolveLimits, type StatefulOptions } from "./stateful-options.ts";
import { Step } from "./step.ts";
import { StepRunner } from "./step-runner.ts";

/** A predictor that remembers a state for each key. */
export interface StatefulPredictor extends Predictor {
  /**
   * Ends the session of a key: its state is forgotten, and the next step of the key begins anew.
   * Steps that were asked for before still get their answers, from the old state.
   *
   * @returns Whether there was one.
   */
  end(key: string): boolean;
  /** What sessions there are, and how those that nobody ended have gone. */
  sessions(): SessionCounts;
}

/**
 * Keeps the state of a streaming model, such as a voice detector, between the steps of each session,
 * which is named by the `key` of the request. The state's inputs and outputs are no more part of what
 * a caller gives and gets.
 *
 * - The steps of one key run in the order in which they were asked for, each with the state that
 *   the last one that succeeded has left. A step that fails, is aborted or comes too late changes
 *   nothing: the next one has the same state as it had.
 * - The steps of different keys share runs, each row with its own state, where the signature says
 *   which dimension of every tensor is the batch and their other sizes and inputs are the same.
 * - Steps are served in the order of their coming, session by session. `priority` is that of the
 *   step that is first in a run.
 *
 * @param predictor - A model that takes and gives tensors.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option is out of its range or does not fit
 *   the signature. From `predict` also when `key` is missing, or when a step has another number of
 *   rows than its session.
 * @throws OverloadedError `OVERLOADED` from `predict` when `maxQueueSize` steps wait or run, or there
 *   are `maxSessions` sessions and a new one is refused.
 *
 * @example
 * ```ts
 * const voice = statefulPredictor(silero, { states: { state: "stateN" }, history: { input: 64 } });
 * const { output } = await voice.predict({ input, sr }, { key: "call-17" });
 * voice.end("call-17");
 * ```
 */
export function statefulPredictor(predictor: Predictor, options: StatefulOptions): StatefulPredictor {
  const { environment = systemEnvironment } = options;
  const limits = resolveLimits(options);
  const layout = layOutStates(predictor.info.signature, options);
  const { model, backend } = predictor.info;
  const table = new SessionTable({ ...limits, model, environment });
  const runner = new StepRunner({
    ...limits,
    model,
    backend,
    layout,
    environment,
    predict: async (inputs, asked) => {
      try {
        return await predictor.predict(inputs, asked);
      } catch (cause) {
        throw toTypedError(cause, backend, asked.signal);
      }
    },
    onIdle(session) {
      table.touch(session);
      table.releaseUnused(session);
    },
  });
  const checkInputs = createInputCheck(layout.visible.inputs);

  const step = (tensors: TensorMap, asked: PredictOptions): Promise<TensorMap> => {
    const { key } = asked;
    if (typeof key !== "string") {
      throw new InvalidOptionsError({
        option: "key",
        problem: `is ${String(key)}; a stateful predictor needs one that says whose step it is, such as the id of a stream`,
      });
    }
    const rows = checkInputs(tensors);
    runner.checkRoom();
    return runner.submit(new Step({ session: table.open(key), tensors, rows, options: asked }));
  };
  const defined = new StepCountingPredictor(infoOf(predictor.info, layout, options), {
    ...options,
    members: [predictor],
    close: () => table.clear(),
    predict: step,
    async predictTensors(tensors, asked) {
      checkOutputNames(asked, layout);
      const outputs = await step(tensors, asked);
      if (asked.outputs === undefined) return outputs;
      return Object.fromEntries(asked.outputs.map((name) => [name, outputs[name]!]));
    },
  });
  defined.countQueued = () => runner.queued;
  return Object.assign(defined, {
    end: (key: string) => table.end(key),
    sessions: () => table.counts,
  });
}

/** A predictor whose health tells of the steps that wait here too. */
class StepCountingPredictor extends DefinedPredictor<TensorMap, TensorMap> {
  countQueued: () => number = () => 0;

  override health(): PredictorHealth {
    const health = super.health();
    return { ...health, queued: health.queued + this.countQueued() };
  }
}

function infoOf(inner: PredictorInfo, layout: StateLayout, { maxBatchSize }: StatefulOptions): PredictorInfo {
  const info = composeInfo([inner], {}, { signature: layout.visible, labels: inner.labels });
  const isSurprise = maxBatchSize !== undefined && maxBatchSize > 1 && layout.obstacle !== undefined;
  if (!isSurprise) return info;
  const warning: Warning = Object.freeze({
    type: "unsupported-setting",
    setting: "maxBatchSize",
    message: `Sessions do not share runs: ${layout.obstacle}. Export the model with a batch, or set \`maxBatchSize\` to 1.`,
  });
  return Object.freeze({
    ...info,
    get warnings() {
      return [...inner.warnings, warning];
    },
  });
}

function checkOutputNames({ outputs }: TensorPredictOptions, { visible }: StateLayout): void {
  if (outputs === undefined) return;
  if (outputs.length === 0) {
    throw new InvalidOptionsError({ option: "outputs", problem: "is empty; leave it out for all outputs" });
  }
  const expected = visible.outputs.map(({ name }) => name);
  const unexpected = outputs.filter((name) => !expected.includes(name));
  if (unexpected.length > 0) throw new TensorNameError({ missing: [], unexpected, expected });
}
