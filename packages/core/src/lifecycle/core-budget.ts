import type { Environment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { availableCores } from "./available-cores.ts";

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

class FairCoreBudget implements CoreBudget {
  readonly cores: number;
  readonly threadsPerRun: number;
  readonly #maxTurnMs: number;
  #free: number;
  /** Runs that hold cores, oldest first. */
  readonly #runs = new Set<FairRun>();
  #cancelTurnTimer: (() => void) | undefined;
  /** Those that wait for a turn, longest first. */
  readonly #waiting = new Set<FairShare>();
  #isGrantPlanned = false;
  #hasEndedSince = false;
  /** Counts the planned grants: between two of them, those ask again who have more to run. */
  #round = 0;
  /** What the model that last got a turn had had until then: where one that was idle begins. */
  #virtualMs = 0;

  constructor(cores: number, threadsPerRun: number, maxTurnMs: number) {
    this.#maxTurnMs = maxTurnMs;
    this.cores = cores;
    this.threadsPerRun = threadsPerRun;
    this.#free = cores;
  }

  join(options: CoreShareOptions): CoreShare {
    checkWeight(options.weight);
    return new FairShare(this, options);
  }

  roomFor({ threads, hasTurn }: FairShare): number {
    const others = this.#waiting.size > 0 ? 0 : Math.floor(this.#free / threads);
    return others + (hasTurn ? 1 : 0);
  }

  tryStart(share: FairShare): FairRun | undefined {
    if (!this.#mayStart(share)) return undefined;
    share.hasTurn = false;
    const run = new FairRun(this, share);
    this.#runs.add(run);
    return run;
  }

  #mayStart(share: FairShare): boolean {
    if (share.hasTurn) return true;
    // Whoever asks again at once was not idle, and keeps what others have had beyond it.
    const isNew = share.running === 0 && share.asksAgainIn !== this.#round && !this.#waiting.has(share);
    if (isNew) share.virtualMs = Math.max(share.virtualMs, this.#virtualMs);
    const isCrowded = this.#waiting.size > 0 || this.#isGrantPlanned;
    if (!isCrowded && this.#free >= share.threads) {
      this.#give(share);
      return true;
    }
    this.#waiting.add(share);
    if (!this.#isGrantPlanned) this.#grant(share);
    return share.hasTurn;
  }

  end(run: FairRun): void {
    // One that was overdue has given its cores back already.
    if (this.#runs.delete(run)) this.giveBack(run.share);
  }

  /** Takes back the cores of a run, or of a turn that was not taken. */
  giveBack(share: FairShare): void {
    this.#free += share.threads;
    this.#hasEndedSince = true;
    if (this.#waiting.size === 0) return;
    share.asksAgainIn = this.#round;
    if (this.#isGrantPlanned) return;
    this.#isGrantPlanned = true;
    this.#planGrant(share);
  }

  /**
   * A turn later: until then the model whose run has just ended has asked for the next one. If
   * another's has ended meanwhile, it is given the time, too; nothing begins until then.
   */
  #planGrant({ environment }: Pick<FairShare, "environment">): void {
    this.#hasEndedSince = false;
    environment.nextTurn(() => {
      if (this.#hasEndedSince) return this.#planGrant({ environment });
      this.#isGrantPlanned = false;
      this.#round += 1;
      this.#stopWatching();
      this.#grant(undefined);
    });
  }

  leave(share: FairShare): void {
    this.#waiting.delete(share);
    if (this.#waiting.size === 0) this.#stopWatching();
    if (!share.hasTurn) return;
    share.hasTurn = false;
    this.giveBack(share);
  }

  /** Gives turns for as long as there are cores, to who has had least; nobody overtakes. */
  #grant(asking: FairShare | undefined): void {
    while (this.#waiting.size > 0) {
      const next = this.#leastServed();
      if (next.threads > this.#free) return this.#watchTurns(next);
      this.#waiting.delete(next);
      this.#give(next);
      next.hasTurn = true;
      if (next !== asking) this.#call(next);
    }
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#cancelTurnTimer?.();
    this.#cancelTurnTimer = undefined;
  }

  #give(share: FairShare): void {
    this.#free -= share.threads;
    this.#virtualMs = Math.max(this.#virtualMs, share.virtualMs);
  }

  #call(share: FairShare): void {
    const { environment } = share;
    share.onTurn();
    // By then it has looked whether it still has anything to run.
    environment.nextTurn(() => {
      if (!share.hasTurn) return;
      share.hasTurn = false;
      this.giveBack(share);
    });
  }

  /** Takes the cores of runs that are overdue, while somebody waits. */
  #watchTurns({ environment }: FairShare): void {
    if (this.#cancelTurnTimer !== undefined || this.#maxTurnMs === Infinity) return;
    const [oldest] = this.#runs;
    if (oldest === undefined) return;
    const takeOverdue = (): void => {
      this.#cancelTurnTimer = undefined;
      for (const run of this.#runs) {
        if (environment.now() - run.startedAt < this.#maxTurnMs) break;
        this.#runs.delete(run);
        this.#free += run.share.threads;
      }
      if (!this.#isGrantPlanned) this.#grant(undefined);
    };
    const waitMs = Math.max(oldest.startedAt + this.#maxTurnMs - environment.now(), 0);
    this.#cancelTurnTimer = environment.setTimer(takeOverdue, waitMs);
  }

  #leastServed(): FairShare {
    let least: FairShare | undefined;
    let leastMs = Infinity;
    for (const share of this.#waiting) {
      const servedMs = share.servedMs();
      // Of equals who came last, which is who was idle: so it does not wait for all the others.
      if (servedMs > leastMs) continue;
      least = share;
      leastMs = servedMs;
    }
    // It is only called while somebody waits.
    return least!;
  }
}

class FairShare implements CoreShare {
  readonly threads: number;
  readonly environment: Environment;
  readonly onTurn: () => void;
  /** Whether cores are held for its next run. */
  hasTurn = false;
  /** The round in which it asks for its next run, if it has one. */
  asksAgainIn = -1;
  /** Runs under way. */
  running = 0;
  /** Run time on all cores, by weight, of the runs that have ended; not below that of others when it came from idleness. */
  virtualMs = 0;
  #startSum = 0;
  readonly #budget: FairCoreBudget;
  /** What a millisecond of a run counts. */
  readonly #rate: number;

  constructor(budget: FairCoreBudget, { weight, threads, environment, onTurn }: CoreShareOptions) {
    this.#budget = budget;
    this.threads = Math.min(threads, budget.cores);
    this.environment = environment;
    this.onTurn = onTurn;
    this.#rate = this.threads / budget.cores / weight;
  }

  get room(): number {
    return this.#budget.roomFor(this);
  }

  /** As `virtualMs`, with what the runs under way have taken so far. */
  servedMs(): number {
    if (this.running === 0) return this.virtualMs;
    return this.virtualMs + (this.running * this.environment.now() - this.#startSum) * this.#rate;
  }

  tryStart(): CoreRun | undefined {
    return this.#budget.tryStart(this);
  }

  begin(startedAt: number): void {
    this.running += 1;
    this.#startSum += startedAt;
  }

  end(startedAt: number): void {
    this.running -= 1;
    this.#startSum = this.running === 0 ? 0 : this.#startSum - startedAt;
    this.virtualMs += (this.environment.now() - startedAt) * this.#rate;
  }

  leave(): void {
    this.#budget.leave(this);
  }
}

class FairRun implements CoreRun {
  readonly share: FairShare;
  readonly startedAt: number;
  readonly #budget: FairCoreBudget;

  constructor(budget: FairCoreBudget, share: FairShare) {
    this.#budget = budget;
    this.share = share;
    this.startedAt = share.environment.now();
    share.begin(this.startedAt);
  }

  end(): void {
    this.share.end(this.startedAt);
    this.#budget.end(this);
  }
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` when it is no weight. */
function checkWeight(weight: number): void {
  if (Number.isFinite(weight) && weight > 0) return;
  throw new InvalidOptionsError({
    option: "weight",
    problem: `is ${String(weight)}; it has to be a number above 0`,
  });
}
