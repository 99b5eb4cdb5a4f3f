import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { BackendError } from "../errors/backend-error.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { PartialFailureError } from "../errors/partial-failure-error.ts";
import { TensorNameError } from "../errors/tensor-name-error.ts";
import type { Model } from "../model/model.ts";
import { checkInputs } from "../tensor/check-inputs.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { ObserverSet } from "./observer-set.ts";
import type { Observer } from "./prediction-event.ts";
import type {
  PredictOptions,
  Predictor,
  PredictorHealth,
  PredictorInfo,
  TensorPredictOptions,
} from "./predictor.ts";
import type { ScheduledResult, Scheduler } from "./scheduler.ts";

/** What a {@link ModelPredictor} is made of. */
export interface ModelPredictorParts<Input, Output> {
  readonly model: Model<Input, Output>;
  /** The name of the backend. */
  readonly backend: string;
  readonly session: Session;
  readonly scheduler: Scheduler;
  readonly environment: Environment;
}

/** A model in a session: encode, check, schedule, decode, answer, tell the observers. */
export class ModelPredictor<Input, Output> implements Predictor<Input, Output> {
  readonly info: PredictorInfo;
  readonly #model: Model<Input, Output>;
  readonly #session: Session;
  readonly #scheduler: Scheduler;
  readonly #environment: Environment;
  readonly #observers: ObserverSet<Input, Output>;
  #status: PredictorHealth["status"] = "ready";
  #openRequests = 0;
  #onLastAnswered: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor({ model, backend, session, scheduler, environment }: ModelPredictorParts<Input, Output>) {
    this.#model = model;
    this.#session = session;
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
      warnings: session.warnings ?? [],
    });
  }

  predict(input: Input, options: PredictOptions = {}): Promise<Output> {
    return this.#answer(options, async (request) => {
      request.input = input;
      const encoded = await this.#model.codec.encode(input);
      const outputs = await this.#run(request, encoded.tensors, options);
      request.output = await encoded.decode(outputs);
      return request.output;
    });
  }

  async predictMany(inputs: readonly Input[], options: PredictOptions = {}): Promise<Output[]> {
    const results = await Promise.allSettled(inputs.map((input) => this.predict(input, options)));
    return results.map((result) => {
      if (result.status === "rejected") throw new PartialFailureError({ results });
      return result.value;
    });
  }

  predictTensors(tensors: TensorMap, options: TensorPredictOptions = {}): Promise<TensorMap> {
    return this.#answer(options, (request) => this.#run(request, tensors, options));
  }

  observe(observer: Observer<Input, Output>): () => void {
    return this.#observers.add(observer);
  }

  health(): PredictorHealth {
    return {
      status: this.#status,
      queued: this.#scheduler.queued,
      running: this.#scheduler.running,
      observerErrors: this.#observers.errorCount,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#drainAndRelease();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Keeps the account of one request, from its coming to its answer. */
  async #answer<Answer>(
    options: PredictOptions,
    work: (request: RequestRecord<Input, Output>) => Promise<Answer>,
  ): Promise<Answer> {
    const request: RequestRecord<Input, Output> = { startedAt: this.#environment.now(), rows: 0 };
    this.#openRequests += 1;
    try {
      if (this.#status !== "ready") throw new ClosedError({ model: this.info.model });
      checkDeadline(options.deadline);
      const answer = await work(request);
      this.#tell(request, options, undefined);
      return answer;
    } catch (cause) {
      const error = this.#toTypedError(cause);
      this.#tell(request, options, error);
      throw error;
    } finally {
      this.#openRequests -= 1;
      if (this.#openRequests === 0) this.#onLastAnswered();
    }
  }

  async #run(
    request: RequestRecord<Input, Output>,
    tensors: TensorMap,
    { signal, deadline, outputs }: TensorPredictOptions,
  ): Promise<TensorMap> {
    request.inputTensors = tensors;
    request.rows = checkInputs(tensors, this.#session.inputs, this.#model);
    this.#checkOutputNames(outputs);
    request.result = await this.#scheduler.submit({ tensors, outputs, signal, deadline });
    return request.result.outputs;
  }

  #checkOutputNames(outputs: readonly string[] | undefined): void {
    if (outputs === undefined) return;
    const expected = this.#session.outputs.map(({ name }) => name);
    const unexpected = outputs.filter((name) => !expected.includes(name));
    if (unexpected.length > 0) throw new TensorNameError({ missing: [], unexpected, expected });
  }

  #tell(
    { startedAt, rows, input, output, inputTensors, result }: RequestRecord<Input, Output>,
    { key }: PredictOptions,
    error: MlopsError | undefined,
  ): void {
    if (this.#observers.isEmpty) return;
    const { model, version } = this.info;
    const { queueMs = 0, runMs = 0 } = result ?? {};
    const totalMs = this.#environment.now() - startedAt;
    const base = { model, version, key, startedAt, totalMs, queueMs, runMs, rows, input, inputTensors };
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
      await this.#session.release();
    } finally {
      this.#status = "closed";
    }
  }
}

/** What is known of a request so far. */
interface RequestRecord<Input, Output> {
  readonly startedAt: number;
  rows: number;
  input?: Input;
  output?: Output;
  inputTensors?: TensorMap;
  result?: ScheduledResult;
}

function checkDeadline(deadline: number | undefined): void {
  if (deadline === undefined || (typeof deadline === "number" && !Number.isNaN(deadline))) return;
  throw new InvalidOptionsError({
    option: "deadline",
    problem: `is ${String(deadline)}; it has to be milliseconds since the Unix epoch, as Date.now() gives`,
  });
}
