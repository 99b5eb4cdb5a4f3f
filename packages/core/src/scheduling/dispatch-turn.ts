import type { Environment } from "../environment.ts";

/**
 * Chooses when to look for what can run.
 *
 * A lone request is dispatched at the end of this turn of the event loop, where several callers
 * that were woken together have all asked. Under load it is after the next poll for I/O, where
 * requests that came over different sockets have, too; and also once a turn has been made longer
 * by runs on this thread, so that whoever else uses the loop gets on.
 */
export class DispatchTurn {
  readonly #environment: Environment;
  readonly #dispatch: () => void;
  #isPlanned = false;
  #startedAt = -Infinity;

  constructor(environment: Environment, dispatch: () => void) {
    this.#environment = environment;
    this.#dispatch = dispatch;
  }

  /** Calls `dispatch` once, soon. */
  plan(isAlone: boolean): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const isYoung = this.#environment.now() - this.#startedAt < maxTurnMs;
    if (isAlone && isYoung) this.#environment.endOfTurn(this.#run);
    else this.#environment.nextTurn(this.#runInNewTurn);
  }

  readonly #run = (): void => {
    this.#isPlanned = false;
    this.#dispatch();
  };

  readonly #runInNewTurn = (): void => {
    this.#startedAt = this.#environment.now();
    this.#run();
  };
}

/** How long a turn of the event loop may be drawn out by one lone request after another. */
const maxTurnMs = 1;
