import type { TfjsDevice } from "../device.ts";
import type { TfjsCore, TfjsEngine, TfjsTensor, TfjsVariable } from "../runtime.ts";

/** What an {@link Engine} is made of. */
export interface EngineParts {
  readonly device: TfjsDevice;
  /** A copy of TensorFlow.js whose engine has this backend. */
  readonly core: TfjsCore;
  /** The backend of the engine. */
  readonly instance: object;
}

/**
 * One backend of TensorFlow.js, and how a run is kept to it.
 *
 * TensorFlow.js has one engine on a thread, however many copies of it there are, and that engine
 * has one current backend. So each run borrows the engine: it makes its own backend the current
 * one, opens a scope for its tensors, and gives both back when it is done.
 *
 * - A run that computes synchronously, which is nearly every one, borrows it within one turn of
 *   the event loop. Nobody else can see that it was borrowed.
 * - A run that has to wait, as control flow and loading have, borrows it over several turns. Runs
 *   of this library then wait for each other, whichever copy of it and whichever backend they are
 *   for. What others compute on the same thread meanwhile is right, but may be computed on this
 *   backend; a worker has an engine of its own.
 */
export class Engine {
  readonly device: TfjsDevice;
  readonly core: TfjsCore;
  readonly #engine: BorrowedEngine;
  readonly #name: string;
  readonly #instance: object;

  constructor({ device, core, instance }: EngineParts) {
    this.device = device;
    this.core = core;
    this.#engine = core.engine();
    this.#name = device;
    this.#instance = instance;
  }

  /**
   * Whether results are read while others are computed. Reading from a graphics card takes turns
   * of the event loop; the other backends compute on the calling thread.
   */
  get readsAsynchronously(): boolean {
    return this.device === "webgpu" || this.device === "webgl";
  }

  /** Whether the memory that a tensor is read into may belong to another tensor too. */
  get sharesMemory(): boolean {
    return this.device !== "wasm";
  }

  /** Settles when no run has borrowed the engine; nothing when none has. */
  get turn(): Promise<void> | undefined {
    return this.#engine[turnKey];
  }

  /**
   * Runs `work` on this backend, within this turn of the event loop. All tensors that it makes are
   * freed then, but for those that `keep` names, which are to be disposed of.
   *
   * Nobody may have borrowed the engine: see {@link turn}.
   */
  run<Result>(work: () => Result, keep?: (result: Result) => readonly TfjsTensor[]): Result {
    const giveBack = this.#borrow();
    let kept: readonly TfjsTensor[] = [];
    try {
      const result = work();
      kept = keep?.(result) ?? [];
      return result;
    } finally {
      giveBack(kept);
    }
  }

  /** The same for work that has to wait. */
  async runAsync<Result>(
    work: () => Promise<Result>,
    keep?: (result: Result) => readonly TfjsTensor[],
  ): Promise<Result> {
    while (this.turn !== undefined) await this.turn;
    let endTurn = (): void => {};
    this.#engine[turnKey] = new Promise((resolve) => {
      endTurn = resolve;
    });
    const giveBack = this.#borrow();
    let kept: readonly TfjsTensor[] = [];
    try {
      const result = await work();
      kept = keep?.(result) ?? [];
      return result;
    } finally {
      giveBack(kept);
      this.#engine[turnKey] = undefined;
      endTurn();
    }
  }

  /**
   * Does `work`, which makes variables, by itself: TensorFlow.js refuses two variables of one name,
   * and two copies of it give the same names. What `work` has made is left out of the register of
   * variables, and is disposed of when it fails.
   */
  async withOwnVariables<Result>(work: () => Promise<Result>): Promise<Result> {
    const { state } = this.#engine;
    const others = state.registeredVariables;
    const own: Record<string, TfjsVariable> = {};
    state.registeredVariables = own;
    try {
      const result = await work();
      // A variable that is disposed of takes the one with its name out of the register.
      for (const variable of Object.values(own)) variable.name = `mlops/${variable.id}`;
      return result;
    } catch (error) {
      for (const variable of Object.values(own)) variable.dispose();
      throw error;
    } finally {
      state.registeredVariables = others;
    }
  }

  #borrow(): (kept: readonly TfjsTensor[]) => void {
    const engine = this.#engine;
    // `setBackend()` would set up some hundred kernels again, which needs to be done only once.
    const { backendName, backendInstance } = engine;
    engine.backendName = this.#name;
    engine.backendInstance = this.#instance;
    engine.startScope("mlops");
    return (kept) => {
      engine.endScope(kept);
      engine.backendName = backendName;
      engine.backendInstance = backendInstance;
    };
  }
}

// At the engine, so that several copies of this package see it.
const turnKey = Symbol.for("@mlops/backend-tfjs.turn");

type BorrowedEngine = TfjsEngine & { [turnKey]?: Promise<void> | undefined };
