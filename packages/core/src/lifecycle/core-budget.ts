import type { Environment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { availableCores } from "./available-cores.ts";
import { FairCoreBudget } from "./fair-core-budget.ts";

/** Options of {@link createCoreBudget}. */
export interface CoreBudgetOptions {
  /** How many cores the models share. Default those that this process may use. */
  readonly cores?: number | undefined;
  /**
   * How many cores one run may use, at most `cores`. Default all of them: runs of different models
   * then come one after the other, each as fast as it can be. With fewer, so many more runs go side
   * by side, each slower. Backends make their sessions with as many threads.
   */
  readonly threadsPerRun?: number | undefined;
  /**
   * How many milliseconds a run keeps others from its cores, at least 0. One that takes longer goes
   * on, and whoever waits begins beside it, so that neither a long run nor one that hangs holds
   * every model up. Default 20.
   */
  readonly maxTurnMs?: number | undefined;
}

/** The cores that several models share: {@link createCoreBudget}. */
export interface CoreBudget {
  readonly cores: number;
  readonly threadsPerRun: number;
  /** Takes a model in. Only core calls it. */
  join(options: CoreShareOptions): CoreShare;
}

/** What a model tells when it is taken in. */
export interface CoreShareOptions {
  /** Its part, against others that wait. */
  readonly weight: number;
  /** Cores that one of its runs keeps busy; more than there are count as all. */
  readonly threads: number;
  readonly environment: Environment;
  /** Called when it is this model's turn. A turn that is not taken in this turn of the event loop, or the next, is lost. */
  readonly onTurn: () => void;
}

/** A run that has cores. */
export interface CoreRun {
  /** Gives them back. */
  end(): void;
}

/** The part of one model. */
export interface CoreShare {
  /** How many more runs could begin now. */
  readonly room: number;
  /** Begins a run, if it may; if not, `onTurn` tells when. */
  tryStart(): CoreRun | undefined;
  /** Takes the model out. None of its runs is under way. */
  leave(): void;
}

/**
 * Makes a number of cores that several models share, without one starving another or all of them
 * together using more threads than there are cores.
 *
 * While there are cores enough nobody waits. When there are not, the next run is that of the model
 * that has had the least run time for its weight among those that wait: start-time fair queueing
 * (Goyal, Vin and Cheng, SIGCOMM 1996). A run is never interrupted, so that a model which has had
 * little waits for one run of another, or `maxTurnMs` of it. Who was idle has saved nothing up.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option is no whole number of at least 1, or
 *   `threadsPerRun` is above `cores`, or `maxTurnMs` is below 0.
 */
export function createCoreBudget(options: CoreBudgetOptions = {}): CoreBudget {
  const { cores = availableCores(), threadsPerRun = cores, maxTurnMs = 20 } = options;
  for (const [option, count] of Object.entries({ cores, threadsPerRun })) {
    if (Number.isInteger(count) && count >= 1 && count <= cores) continue;
    const most = option === "cores" ? "" : ` and at most ${cores}, the cores`;
    throw new InvalidOptionsError({
      option,
      problem: `is ${String(count)}; it has to be a whole number of at least 1${most}`,
    });
  }
  if (!(maxTurnMs >= 0)) {
    throw new InvalidOptionsError({
      option: "maxTurnMs",
      problem: `is ${String(maxTurnMs)}; it has to be a number of milliseconds of at least 0`,
    });
  }
  return new FairCoreBudget(cores, threadsPerRun, maxTurnMs);
}
