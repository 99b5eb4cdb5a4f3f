import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { BackendError } from "../errors/backend-error.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { CodecError } from "../errors/codec-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { PartialFailureError } from "../errors/partial-failure-error.ts";
import { TensorNameError } from "../errors/tensor-name-error.ts";
import type { Codec, Model } from "../model/model.ts";
import { type Priority, priorities } from "../scheduling/priority.ts";
import type { ScheduledResult, Scheduler } from "../scheduling/scheduler.ts";
import { createInputCheck, type InputCheck } from "../tensor/check-inputs.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Warning } from "../warning.ts";
import { checkDeadline } from "./check-deadline.ts";
import type { Execution } from "./execution.ts";
import type { ObserveOptions } from "./observer-options.ts";
import { ObserverSet } from "./observer-set.ts";
import { settleAll } from "./settle-all.ts";
import type { Observer } from "./prediction-event.ts";
import type {
  PredictOptions,
  Predictor,
  PredictorHealth,
  PredictorInfo,
  TensorPredictOptions,
} from "./predictor.ts";

/** What a {@link ModelPredictor} is made of. */
export interface ModelPredictorParts<Input, Output> {
  readonly model: Model<Input, Output>;
  /** The name of the backend. */
  readonly backend: string;
  /** What the model takes and gives, where it runs and how exactly: the session's facts, not its runs. */
  readonly session: Pick<Session, "inputs" | "outputs" | "device" | "warnings">;
  readonly execution: Execution;
  /** Options that have no effect on this model, and what comes up while it runs; those of the session are there from the start. */
  readonly laterWarnings: readonly Warning[];
  /** Frees the model, or this predictor's part in it. */
  readonly release: () => Promise<void>;
  readonly scheduler: Scheduler;
  readonly environment: Environment;
  /** How many requests of one `predictMany` are on their way at a time. */
  readonly manyAtOnce: number;
}

/** A model in a session: encode, check, schedule, decode, answer, tell the observers. */
export class ModelPredictor<Input, Output> implements Predictor<Input, Output> {
  readonly info: PredictorInfo;
  readonly #model: Model<Input, Output>;
  readonly #session: ModelPredictorParts<Input, Output>["session"];
  readonly #release: () => Promise<void>;
  readonly #checkInputs: InputCheck;
  /** How many requests of one `predictMany` are on their way at a time. */
  readonly manyAtOnce: number;
  readonly #scheduler: Scheduler;
  readonly #environment: Environment;
  readonly #observers: ObserverSet<Input, Output>;
  #status: PredictorHealth["status"] = "ready";
  #openRequests = 0;
  #onLastAnswered: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(parts: ModelPredictorParts<Input, Output>) {
    const { model, backend, session, execution, laterWarnings, release, scheduler, environment, manyAtOnce } =
      parts;
    this.#model = model;
    this.#session = session;
    this.#release = release;
    this.#checkInputs = createInputCheck(session.inputs, model);
    this.manyAtOnce = manyAtOnce;
    this.#scheduler = scheduler;
    this.#environment = environment;
    this.#observers = new ObserverSet(environment);
    this.info = Object.freeze({
      model: model.name,
      version: model.version,
      backend,
      device: session.device,
      signature: Object.freeze({ inputs: session.inputs, outputs: session.outputs }),
      labels: model.labels,
      card: model.card,
      execution,
      get warnings() {
        return [...(session.warnings ?? []), ...laterWarnings];
      },
    });
  }

  predict(input: Input, options: PredictOptions = noOptions): Promise<Output> {
    const { codec } = this.#model;
    // A model without a codec is a Model<TensorMap, TensorMap>: its input and output are tensors.
    if (codec === undefined) return this.predictTensors(input as TensorMap, options) as Promise<Output>;
    return this.#predictTyped(codec, input, options);
  }

  async predictMany(inputs: readonly Input[], options: PredictOptions = {}): Promise<Output[]> {
    const results = await settleAll(inputs, this.manyAtOnce, (input) => this.predict(input, options));
    return results.map((result) => {
      if (result.status === "rejected") throw new PartialFailureError({ results });
      return result.value;
    });
  }

  predictTensors(tensors: TensorMap, options: TensorPredictOptions = noOptions): Promise<TensorMap> {
    const request = this.#open(options);
    let result: Promise<ScheduledResult>;
    try {
      this.#checkOpen(options);
      result = this.#submit(request, tensors);
    } catch (error) {
      return Promise.reject(this.#fail(request, error));
    }
    return result.then(
      (result) => {
        request.result = result;
        this.#succeed(request);
        return result.outputs;
      },
      (error: unknown) => {
        throw this.#fail(request, error);
      },
    );
  }

  observe(observer: Observer<Input, Output>, options?: ObserveOptions): () => void {
    return this.#observers.add(observer, options);
  }

  health(): PredictorHealth {
    return {
      status: this.#status,
      queued: this.#scheduler.queued,
      running: this.#scheduler.running,
      observerErrors: this.#observers.errorCount,
      observers: this.#observers.health,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#drainAndRelease();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #predictTyped(codec: Codec<Input, Output>, input: Input, options: PredictOptions): Promise<Output> {
    const request = this.#open(options);
    request.input = input;
    try {
      this.#checkOpen(options);
      const encoded = await codec.encode(input);
      request.result = await this.#submitEncoded(request, encoded.tensors);
      request.output = await encoded.decode(request.result.outputs);
      this.#succeed(request);
      return request.output;
    } catch (error) {
      throw this.#fail(request, error);
    }
  }

  #submitEncoded(request: RequestRecord<Input, Output>, tensors: TensorMap): Promise<ScheduledResult> {
    try {
      return this.#submit(request, tensors);
    } catch (cause) {
      // The caller's input was valid; it is the model's definition that made tensors of another kind.
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new CodecError({ model: this.info.model, stage: "encode", problem, cause });
    }
  }

  /** @throws MlopsError when the tensors do not fit the model. */
  #submit(request: RequestRecord<Input, Output>, tensors: TensorMap): Promise<ScheduledResult> {
    const { signal, deadline, priority, outputs } = request.options;
    request.inputTensors = tensors;
    request.rows = this.#checkInputs(tensors);
    if (outputs !== undefined) this.#checkOutputNames(outputs);
    return this.#scheduler.submit({ tensors, rows: request.rows, outputs, signal, deadline, priority });
  }

  /** Begins the account of a request, which ends in `#succeed` or `#fail`. */
  #open(options: TensorPredictOptions): RequestRecord<Input, Output> {
    this.#openRequests += 1;
    const startedAt = this.#observers.isEmpty ? 0 : this.#environment.now();
    return {
      options,
      startedAt,
      rows: 0,
      input: undefined,
      output: undefined,
      inputTensors: undefined,
      result: undefined,
    };
  }

  #succeed(request: RequestRecord<Input, Output>): void {
    this.#tell(request, undefined);
    this.#answered();
  }

  /** @returns The error to throw. */
  #fail(request: RequestRecord<Input, Output>, cause: unknown): MlopsError {
    const error = this.#toTypedError(cause);
    this.#tell(request, error);
    this.#answered();
    return error;
  }

  #answered(): void {
    this.#openRequests -= 1;
    if (this.#openRequests === 0) this.#onLastAnswered();
  }

  #checkOpen({ deadline, priority }: PredictOptions): void {
    if (this.#status !== "ready") throw new ClosedError({ model: this.info.model });
    checkDeadline(deadline);
    if (priority !== undefined) checkPriority(priority);
  }

  #checkOutputNames(outputs: readonly string[]): void {
    if (outputs.length === 0) {
      throw new InvalidOptionsError({ option: "outputs", problem: "is empty; leave it out for all outputs" });
    }
    const expected = this.#session.outputs.map(({ name }) => name);
    const unexpected = outputs.filter((name) => !expected.includes(name));
    if (unexpected.length > 0) throw new TensorNameError({ missing: [], unexpected, expected });
  }

  #tell(request: RequestRecord<Input, Output>, error: MlopsError | undefined): void {
    // One that began before anybody observed has no time to tell of.
    if (this.#observers.isEmpty || request.startedAt === 0) return;
    const { startedAt, rows, input, output, inputTensors, result } = request;
    const { key } = request.options;
    const { model, version } = this.info;
    const { queueMs = 0, runMs = 0, batchRows = 0 } = result ?? {};
    const totalMs = this.#environment.now() - startedAt;
    const base = {
      model,
      version,
      key,
      startedAt,
      totalMs,
      queueMs,
      runMs,
      rows,
      batchRows,
      input,
      inputTensors,
    };
    if (error !== undefined) this.#observers.emit({ ...base, outcome: "failure", error });
    else this.#observers.emit({ ...base, outcome: "success", output, outputTensors: result?.outputs });
  }

  #toTypedError(cause: unknown): MlopsError {
    if (MlopsError.isInstance(cause)) return cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    return new BackendError({ backend: this.info.backend, problem, cause });
  }

  async #drainAndRelease(): Promise<void> {
    this.#status = "closing";
    if (this.#openRequests > 0) {
      await new Promise<void>((resolve) => {
        this.#onLastAnswered = resolve;
      });
    }
    await this.#scheduler.drain();
    this.#observers.flush();
    try {
      await this.#release();
    } finally {
      this.#status = "closed";
    }
  }
}

const noOptions: TensorPredictOptions = Object.freeze({});

/** What is known of a request so far. */
interface RequestRecord<Input, Output> {
  readonly options: TensorPredictOptions;
  /** 0 when nobody observed then. */
  readonly startedAt: number;
  rows: number;
  input: Input | undefined;
  output: Output | undefined;
  inputTensors: TensorMap | undefined;
  result: ScheduledResult | undefined;
}

function checkPriority(priority: Priority): void {
  if (priorities.includes(priority)) return;
  throw new InvalidOptionsError({
    option: "priority",
    problem: `is ${String(priority)}; it has to be one of ${priorities.join(", ")}`,
  });
}
