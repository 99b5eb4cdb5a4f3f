import type { Environment } from "../environment.ts";
import type { Lane, LaneRequest, Lanes } from "../scheduling/lane.ts";
import type { CoreBudget, CoreRun, CoreShare } from "./core-budget.ts";

/** A model's part in cores that others use, too. */
interface CoreDemand {
  readonly cores: CoreBudget;
  readonly weight: number;
  /** Cores that a run keeps busy, at least 1. */
  readonly threads: number;
}

/** What {@link GovernedLanes} are made of. */
export interface GovernedLanesOptions {
  readonly lanes: Lanes;
  /** `undefined` where runs wait for nobody. */
  readonly demand: CoreDemand | undefined;
  readonly environment: Environment;
  /** Called whenever a run has ended. */
  readonly onRunEnded?: (() => void) | undefined;
}

/** Lanes whose runs take their turns with those of other models, and are told of. */
export class GovernedLanes implements Lanes {
  onFree: () => void = () => {};
  onStuck: (error: unknown) => void = () => {};
  readonly #lanes: Lanes;
  readonly #share: CoreShare | undefined;
  readonly #onRunEnded: (() => void) | undefined;
  readonly #runs = new Map<Lane, CoreRun>();
  #isPuttingBack = false;

  constructor({ lanes, demand, environment, onRunEnded }: GovernedLanesOptions) {
    this.#lanes = lanes;
    this.#onRunEnded = onRunEnded;
    this.#share = demand?.cores.join({ ...demand, environment, onTurn: () => this.onFree() });
    lanes.onStuck = (error) => this.onStuck(error);
    lanes.onFree = () => {
      if (!this.#isPuttingBack) this.onFree();
    };
  }

  get size(): number {
    return this.#lanes.size;
  }

  get freeCount(): number {
    return Math.min(this.#lanes.freeCount, this.#share?.room ?? Infinity);
  }

  /** The lane first: a turn that finds none would be of no use. */
  take(request: LaneRequest): Lane | undefined {
    const lane = this.#lanes.take(request);
    if (lane === undefined) return undefined;
    if (this.#share === undefined) return lane;
    const run = this.#share.tryStart();
    if (run !== undefined) {
      this.#runs.set(lane, run);
      return lane;
    }
    // It has not become free; it is not taken.
    this.#isPuttingBack = true;
    this.#lanes.free(lane);
    this.#isPuttingBack = false;
    return undefined;
  }

  free(lane: Lane): void {
    // The lane first: it lets the model ask for its next turn before the cores are given to another.
    this.#lanes.free(lane);
    this.#onRunEnded?.();
    const run = this.#runs.get(lane);
    this.#runs.delete(lane);
    run?.end();
  }

  async release(): Promise<void> {
    this.#share?.leave();
    await this.#lanes.release();
  }
}
