import type { RunOptions } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { copyTensors } from "./copy-tensors.ts";
import type { FakeFault } from "./fake-fault.ts";
import type { FakeRun } from "./fake-run.ts";
import { findChange } from "./find-change.ts";

/** How a session's run is answered. */
export interface RunRequest {
  readonly inputs: TensorMap;
  readonly options: RunOptions;
  readonly compute: () => Promise<TensorMap>;
}

/** The runs of a fake backend: those under way, and what is to happen to them. */
export class FakeRuns {
  readonly all: HeldRun[] = [];
  readonly violations: string[] = [];
  maxParallelRuns = 0;
  /** Those that have not ended, oldest first. */
  readonly #underWay = new Set<HeldRun>();
  readonly #faults: readonly FakeFault[];
  readonly #environment: Environment;
  #holdUntil: number | undefined;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(faults: readonly FakeFault[], environment: Environment) {
    this.#faults = faults;
    this.#environment = environment;
  }

  hold(until: number): void {
    this.#holdUntil = until;
    this.#letGoWhenFull();
  }

  letGo(): void {
    this.#holdUntil = undefined;
    for (const run of this.held) run.finish();
  }

  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#wake();
    });
  }

  run(request: RunRequest): Promise<TensorMap> {
    const run = new HeldRun(this.all.length + 1, request, {
      onEnd: () => this.#underWay.delete(run),
      onViolation: (violation) => this.violations.push(violation),
    });
    this.all.push(run);
    this.#underWay.add(run);
    this.maxParallelRuns = Math.max(this.maxParallelRuns, this.#underWay.size);
    const fault = this.#faults.find(({ on, number }) => on === "run" && number === run.number);
    if (fault === undefined) this.#begin(run);
    else this.#suffer(run, fault);
    this.#wake();
    return run.result;
  }

  #begin(run: HeldRun): void {
    if (this.#holdUntil === undefined) run.finish();
    else this.#letGoWhenFull();
  }

  #suffer(run: HeldRun, fault: FakeFault): void {
    switch (fault.action) {
      case "fail":
        return run.fail(fault.error ?? new Error("the run was to fail"));
      case "slow":
        run.start();
        return void this.#environment.setTimer(() => run.complete(), fault.delayMs);
      case "hang":
        return run.start();
      case "crash":
        for (const other of this.#underWay) other.fail(new WorkerLostError({ problem: "it was to crash" }));
    }
  }

  /** The runs that are held, oldest first. */
  get held(): readonly HeldRun[] {
    return [...this.#underWay].filter(({ state }) => state === "held");
  }

  #letGoWhenFull(): void {
    if (this.held.length >= (this.#holdUntil ?? Infinity)) this.letGo();
  }

  #wake(): void {
    const isReached = ({ count }: { readonly count: number }): boolean => count <= this.all.length;
    const reached = this.#waiting.filter(isReached);
    this.#waiting = this.#waiting.filter((waiting) => !isReached(waiting));
    for (const { resolve } of reached) resolve();
  }
}

/** What is told of a run. */
interface RunWatch {
  readonly onEnd: () => void;
  readonly onViolation: (violation: string) => void;
}

class HeldRun implements FakeRun {
  readonly number: number;
  readonly inputs: TensorMap;
  readonly options: RunOptions;
  readonly result: Promise<TensorMap>;
  state: FakeRun["state"] = "held";
  readonly #request: RunRequest;
  readonly #watch: RunWatch;
  #resolve!: (outputs: TensorMap) => void;
  #reject!: (error: unknown) => void;

  constructor(number: number, request: RunRequest, watch: RunWatch) {
    this.number = number;
    this.inputs = copyTensors(request.inputs);
    this.options = request.options;
    this.#request = request;
    this.#watch = watch;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get #isUnderWay(): boolean {
    return this.state === "held" || this.state === "running";
  }

  finish(): void {
    if (this.state !== "held") return;
    this.start();
    this.complete();
  }

  start(): void {
    this.state = "running";
  }

  complete(): void {
    if (this.state !== "running") return;
    // Computed now, from the inputs as they are now: a caller who changed them gets wrong results.
    const changed = findChange(this.#request.inputs, this.inputs);
    if (changed !== undefined)
      this.#watch.onViolation(`the input ${JSON.stringify(changed)} changed during a run`);
    this.#request.compute().then(
      (outputs) => {
        if (!this.#isUnderWay) return;
        this.state = "succeeded";
        this.#watch.onEnd();
        this.#resolve(outputs);
      },
      (error: unknown) => this.fail(error),
    );
  }

  fail(error: unknown): void {
    if (!this.#isUnderWay) return;
    this.state = "failed";
    this.#watch.onEnd();
    this.#reject(error);
  }
}
