import type { Artifact } from "../artifact/artifact.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { type Environment, systemEnvironment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import { endOfSentence } from "../worker/end-of-sentence.ts";
import { readFakeArtifact } from "./fake-artifact.ts";
import type { FakeFault } from "./fake-fault.ts";
import type { FakeModel } from "./fake-model.ts";
import type { FakeRun } from "./fake-run.ts";
import { FakeRuns } from "./fake-runs.ts";
import { FakeSession } from "./fake-session.ts";

/** Options of {@link fakeBackend}: `model`, or `models`. */
export interface FakeBackendOptions {
  /** What every artifact stands for. None is read then, so a model's `artifact` may be any name. */
  readonly model?: FakeModel | undefined;
  /** What an artifact of {@link fakeArtifact} stands for, by its name. Other artifacts are refused. */
  readonly models?: Readonly<Record<string, FakeModel>> | undefined;
  /** What goes wrong. Default nothing. */
  readonly faults?: readonly FakeFault[] | undefined;
  /** Default `fake`. */
  readonly name?: string | undefined;
  /** The clock of what is slow. Default the host's. */
  readonly environment?: Environment | undefined;
}

/** A {@link Backend} of functions, whose runs a test can hold, fail and look at. */
export interface FakeBackend extends Backend {
  /** How many loads have begun. */
  readonly loadCount: number;
  /** Sessions that are loaded and not released. */
  readonly openSessions: number;
  /** Every run, oldest first. */
  readonly runs: readonly FakeRun[];
  /** The runs that are held, oldest first. */
  readonly heldRuns: readonly FakeRun[];
  /** The most runs that were ever under way together. */
  readonly maxParallelRuns: number;
  /**
   * What the caller did that a session does not allow: inputs that changed during a run, runs that
   * overlapped though they must not, a run after the release.
   */
  readonly violations: readonly string[];
  /**
   * Holds the runs that begin from now on, until `letGo()` is called or, with `until`, so many of
   * them are held. A session without parallel runs gets one at a time, so there is never a second.
   */
  hold(options?: HoldOptions): void;
  /** Lets the held runs go on, in the order in which they came, and holds no more. */
  letGo(): void;
  /** Resolves once so many runs have begun, since the backend was made. */
  untilRuns(count: number): Promise<void>;
}

/** Options of {@link FakeBackend.hold}. */
export interface HoldOptions {
  /** How many held runs end the holding; at least 1. Default none do. */
  readonly until?: number | undefined;
}

/**
 * A backend for tests: its models are functions, it is fast, and it does nothing by chance.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` without a `model` or `models`, with both, or with
 *   a fault whose number is no whole number of at least 1.
 *
 * @example
 * ```ts
 * const backend = fakeBackend({
 *   model: {
 *     inputs: [{ name: "x", dtype: "float32", shape: ["batch"] }],
 *     outputs: [{ name: "y", dtype: "float32", shape: ["batch"] }],
 *     compute: ({ x }) => ({ y: x! }),
 *   },
 *   faults: [{ on: "run", number: 2, action: "fail", error: new Error("out of memory") }],
 * });
 * ```
 */
export function fakeBackend(options: FakeBackendOptions): FakeBackend {
  return new FunctionBackend(options);
}

class FunctionBackend implements FakeBackend {
  readonly specificationVersion = "v1";
  readonly name: string;
  loadCount = 0;
  readonly #models: (artifact: Artifact, options: LoadOptions) => Promise<FakeModel>;
  readonly #faults: readonly FakeFault[];
  readonly #environment: Environment;
  readonly #runs: FakeRuns;
  readonly #sessions = new Set<FakeSession>();

  constructor({
    model,
    models,
    faults = [],
    name = "fake",
    environment = systemEnvironment,
  }: FakeBackendOptions) {
    if ((model === undefined) === (models === undefined)) {
      throw new InvalidOptionsError({ option: "model", problem: "has to be given, or else `models`" });
    }
    const misnumbered = faults.find(({ number }) => !Number.isSafeInteger(number) || number < 1);
    if (misnumbered !== undefined) {
      const problem = `have the number ${misnumbered.number}; they count from 1`;
      throw new InvalidOptionsError({ option: "faults", problem });
    }
    this.name = name;
    this.#faults = copyFaults(faults);
    this.#environment = environment;
    this.#runs = new FakeRuns(this.#faults, environment);
    this.#models =
      model === undefined
        ? async (artifact, loadOptions) => readFakeArtifact(artifact, { ...models }, loadOptions)
        : async () => model;
  }

  get openSessions(): number {
    return [...this.#sessions].filter(({ isReleased }) => !isReleased).length;
  }

  get runs(): readonly FakeRun[] {
    return this.#runs.all;
  }

  get heldRuns(): readonly FakeRun[] {
    return this.#runs.held;
  }

  get maxParallelRuns(): number {
    return this.#runs.maxParallelRuns;
  }

  get violations(): readonly string[] {
    return this.#runs.violations;
  }

  async load(artifact: Artifact, options: LoadOptions = {}): Promise<Session> {
    this.loadCount += 1;
    const { signal } = options;
    const fault = this.#faults.find(({ on, number }) => on === "load" && number === this.loadCount);
    throwIfAborted(signal);
    if (fault?.action === "hang") await untilAborted(signal);
    if (fault?.action === "slow") {
      await new Promise<void>((resolve) => this.#environment.setTimer(resolve, fault.delayMs));
    }
    const { location } = artifact;
    if (fault?.action === "fail") {
      const cause = fault.error ?? new Error("the load was to fail");
      if (MlopsError.isInstance(cause)) throw cause;
      throw new ModelLoadError({ location, problem: endOfSentence(cause), cause });
    }
    const model = await this.#models(artifact, options);
    throwIfAborted(signal);
    const session = new FakeSession(model, { backend: this.name, runs: this.#runs });
    this.#sessions.add(session);
    return session;
  }

  hold({ until = Infinity }: HoldOptions = {}): void {
    if (!(until >= 1)) throw new InvalidOptionsError({ option: "until", problem: "has to be at least 1" });
    this.#runs.hold(until);
  }

  letGo(): void {
    this.#runs.letGo();
  }

  untilRuns(count: number): Promise<void> {
    return this.#runs.until(count);
  }
}

// An error keeps its identity, so that a test finds it as the cause.
function copyFaults(faults: readonly FakeFault[]): readonly FakeFault[] {
  return Object.freeze(faults.map((fault) => Object.freeze({ ...fault })));
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener(
      "abort",
      () => reject(new AbortedError({ stage: "loading", cause: signal.reason })),
      { once: true },
    );
  });
}
