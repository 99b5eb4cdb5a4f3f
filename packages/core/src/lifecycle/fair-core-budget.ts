import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { CoreBudget, CoreShare, CoreShareOptions } from "./core-budget.ts";
import { FairRun, FairShare, type ShareOwner } from "./fair-share.ts";

/** Hands cores to models, the least served first. */
export class FairCoreBudget implements CoreBudget, ShareOwner {
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

/** @throws InvalidOptionsError `INVALID_OPTIONS` when it is no weight. */
function checkWeight(weight: number): void {
  if (Number.isFinite(weight) && weight > 0) return;
  throw new InvalidOptionsError({
    option: "weight",
    problem: `is ${String(weight)}; it has to be a number above 0`,
  });
}
