import { type Environment, systemEnvironment } from "../environment.ts";
import { ClosedError } from "../errors/closed-error.ts";
import type { MlopsError } from "../errors/mlops-error.ts";
import { PartialFailureError } from "../errors/partial-failure-error.ts";
import { checkDeadline } from "../predictor/check-deadline.ts";
import { mergeObserverHealth } from "../predictor/observer-account.ts";
import type { ObserveOptions } from "../predictor/observer-options.ts";
import { ObserverSet } from "../predictor/observer-set.ts";
import type { Observer } from "../predictor/prediction-event.ts";
import type {
  PredictOptions,
  Predictor,
  PredictorHealth,
  PredictorInfo,
  TensorPredictOptions,
} from "../predictor/predictor.ts";
import { settleAll } from "../predictor/settle-all.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { composeHealth } from "./composed-health.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { countRows, tensorsOf } from "./tensors-of.ts";
import { throwFailures } from "./throw-failures.ts";
import { toTypedError } from "./typed-errors.ts";
import { withinLimits } from "./within-limits.ts";

/** A predictor that another one is made of, as far as the other one looks after it. */
export type Member = Pick<Predictor, "info" | "health" | "close">;

/** What a {@link DefinedPredictor} does. */
export interface PredictorBehavior<Input, Output> extends CompositionOptions {
  /**
   * Answers one request. Anything it throws that is no `MlopsError` comes to the caller as
   * `BACKEND_FAILED`. `options.signal` aborts when the caller aborts and when the deadline passes;
   * the caller has its error then, whether or not this function listens.
   */
  readonly predict: (input: Input, options: PredictOptions) => Output | Promise<Output>;
  /** Answers one request in tensors. Default: the predictor has no `predictTensors`. */
  readonly predictTensors?:
    | ((tensors: TensorMap, options: TensorPredictOptions) => TensorMap | Promise<TensorMap>)
    | undefined;
  /** The predictors that it is made of: their health is part of its own. Default none. */
  readonly members?: readonly Member[] | undefined;
  /** How many of `members` have to be ready for it to be ready. Default all. */
  readonly requiredMembers?: number | undefined;
  /** Frees what it holds. Called once, when nothing runs any more, before the members are closed. */
  readonly close?: (() => void | Promise<void>) | undefined;
}

/** A predictor of functions: account, limits and errors around them. */
export class DefinedPredictor<Input, Output> implements Predictor<Input, Output> {
  readonly info: PredictorInfo;
  declare readonly predictTensors?: NonNullable<Predictor["predictTensors"]>;
  readonly #behavior: PredictorBehavior<Input, Output>;
  readonly #environment: Environment;
  readonly #observers: ObserverSet<Input, Output>;
  readonly #members: readonly Member[];
  #status: PredictorHealth["status"] = "ready";
  #running = 0;
  #onIdle: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(info: PredictorInfo, behavior: PredictorBehavior<Input, Output>) {
    this.info = info;
    this.#behavior = behavior;
    this.#environment = behavior.environment ?? systemEnvironment;
    this.#observers = new ObserverSet(this.#environment);
    this.#members = [...new Set(behavior.members)];
    const { predictTensors } = behavior;
    if (predictTensors === undefined) return;
    this.predictTensors = (tensors, options = {}) =>
      this.#answer({ tensors }, options, async (limited, request) => {
        const outputs = await predictTensors(tensors, limited);
        request.outputTensors = outputs;
        return outputs;
      });
  }

  predict(input: Input, options: PredictOptions = {}): Promise<Output> {
    return this.#answer({ input }, options, async (limited, request) => {
      const output = await this.#behavior.predict(input, limited);
      request.output = output;
      return output;
    });
  }

  async predictMany(inputs: readonly Input[], options: PredictOptions = {}): Promise<Output[]> {
    const results = await settleAll(inputs, manyAtOnce, (input) => this.predict(input, options));
    return results.map((result) => {
      if (result.status === "rejected") throw new PartialFailureError({ results });
      return result.value;
    });
  }

  observe(observer: Observer<Input, Output>, options?: ObserveOptions): () => void {
    return this.#observers.add(observer, options);
  }

  health(): PredictorHealth {
    const members = this.#members.map((member) => member.health());
    const composed = composeHealth(members, this.#behavior.requiredMembers ?? members.length);
    return {
      ...composed,
      status: this.#status === "ready" ? composed.status : this.#status,
      running: members.length === 0 ? this.#running : composed.running,
      observerErrors: this.#observers.errorCount + composed.observerErrors,
      observers: mergeObserverHealth([this.#observers.health, composed.observers]),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#drainAndClose();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Keeps the account of one request, from its coming to its answer. */
  async #answer<Answer, Options extends PredictOptions>(
    asked: Pick<RequestRecord<Input, Output>, "input" | "tensors">,
    options: Options,
    work: (options: Options, request: RequestRecord<Input, Output>) => Promise<Answer>,
  ): Promise<Answer> {
    const request: RequestRecord<Input, Output> = { ...asked, startedAt: this.#environment.now() };
    try {
      if (this.#status !== "ready") throw new ClosedError({ model: this.info.model });
      checkDeadline(options.deadline);
      const track = (limited: Options): Promise<Answer> => this.#track(() => work(limited, request));
      const answer = await withinLimits(track, options, this.#environment);
      this.#tell(request, options, undefined);
      return answer;
    } catch (cause) {
      const error = toTypedError(cause, this.info.backend, options.signal);
      this.#tell(request, options, error);
      throw error;
    }
  }

  /** Counts work until it ends, which may be after its caller has left. */
  async #track<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle();
    }
  }

  #tell(
    { startedAt, tensors, input, output, outputTensors }: RequestRecord<Input, Output>,
    { key }: PredictOptions,
    error: MlopsError | undefined,
  ): void {
    if (this.#observers.isEmpty) return;
    const { model, version } = this.info;
    const totalMs = this.#environment.now() - startedAt;
    const inputTensors = tensors ?? tensorsOf(input);
    const rows = inputTensors === undefined ? 1 : countRows(inputTensors);
    const base = {
      model,
      version,
      key,
      startedAt,
      totalMs,
      // What its members do with the request is theirs to tell.
      queueMs: undefined,
      runMs: totalMs,
      rows,
      batchRows: undefined,
      input,
      inputTensors,
    };
    if (error !== undefined) this.#observers.emit({ ...base, outcome: "failure", error });
    else
      this.#observers.emit({
        ...base,
        outcome: "success",
        output,
        outputTensors: outputTensors ?? tensorsOf(output),
      });
  }

  async #drainAndClose(): Promise<void> {
    this.#status = "closing";
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    this.#observers.flush();
    const { close = () => {}, closeMembers = true } = this.#behavior;
    const owned = closeMembers ? this.#members : [];
    try {
      const own = (async () => close())();
      await own.catch(() => {});
      const results = await Promise.allSettled([own, ...owned.map(async (member) => member.close())]);
      throwFailures(results, this.info.model);
    } finally {
      this.#status = "closed";
    }
  }
}

/** How many requests of one `predictMany` are on their way at a time: enough to fill batches, few enough for a queue. */
const manyAtOnce = 256;

/** What is known of a request so far. */
interface RequestRecord<Input, Output> {
  readonly startedAt: number;
  readonly input?: Input;
  readonly tensors?: TensorMap;
  output?: Output;
  outputTensors?: TensorMap;
}
