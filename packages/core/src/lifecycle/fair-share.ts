import type { Environment } from "../environment.ts";
import type { CoreRun, CoreShare, CoreShareOptions } from "./core-budget.ts";

/** Who has the cores that {@link FairShare}s are shares of. */
export interface ShareOwner {
  readonly cores: number;
  roomFor(share: FairShare): number;
  tryStart(share: FairShare): FairRun | undefined;
  end(run: FairRun): void;
  leave(share: FairShare): void;
}

/** One model's part, and what it has had so far. */
export class FairShare implements CoreShare {
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
  readonly #owner: ShareOwner;
  /** What a millisecond of a run counts. */
  readonly #rate: number;

  constructor(owner: ShareOwner, { weight, threads, environment, onTurn }: CoreShareOptions) {
    this.#owner = owner;
    this.threads = Math.min(threads, owner.cores);
    this.environment = environment;
    this.onTurn = onTurn;
    this.#rate = this.threads / owner.cores / weight;
  }

  get room(): number {
    return this.#owner.roomFor(this);
  }

  /** As `virtualMs`, with what the runs under way have taken so far. */
  servedMs(): number {
    if (this.running === 0) return this.virtualMs;
    return this.virtualMs + (this.running * this.environment.now() - this.#startSum) * this.#rate;
  }

  tryStart(): CoreRun | undefined {
    return this.#owner.tryStart(this);
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
    this.#owner.leave(this);
  }
}

/** A run that has cores, or had them until it was overdue. */
export class FairRun implements CoreRun {
  readonly share: FairShare;
  readonly startedAt: number;
  readonly #owner: ShareOwner;

  constructor(owner: ShareOwner, share: FairShare) {
    this.#owner = owner;
    this.share = share;
    this.startedAt = share.environment.now();
    share.begin(this.startedAt);
  }

  end(): void {
    this.share.end(this.startedAt);
    this.#owner.end(this);
  }
}
