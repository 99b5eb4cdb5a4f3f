import type { Environment } from "../environment.ts";
import { ObservedFunction } from "./observed-function.ts";
import { ObserverAccount, type ObserverHealth } from "./observer-account.ts";
import { type ObserveOptions, resolveObserveOptions } from "./observer-options.ts";
import type { Observer, PredictionEvent } from "./prediction-event.ts";

/**
 * The observers of a predictor: they hear of events in order, later, and cannot do harm.
 *
 * They run on the caller's thread, so one that computes for long holds everybody up for as long as
 * one call takes. That it does not do so for longer, each may take {@link sliceMs} of a round; what is
 * left over waits for the next turn of the event loop, while the others hear of theirs.
 */
export class ObserverSet<Input, Output> {
  readonly #environment: Environment;
  readonly #account = new ObserverAccount();
  readonly #observers = new Set<ObservedFunction<PredictionEvent<Input, Output>>>();
  #untold: PredictionEvent<Input, Output>[] = [];
  #isScheduled = false;
  #isTelling = false;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** How often an observer threw or rejected. */
  get errorCount(): number {
    return this.#account.read().reduce((total, { errors }) => total + errors, 0);
  }

  /** How the observers of each name fare. */
  get health(): ObserverHealth[] {
    return this.#account.read();
  }

  /** Whether an event would be heard by anyone. */
  get isEmpty(): boolean {
    return this.#observers.size === 0;
  }

  /** @throws InvalidOptionsError `INVALID_OPTIONS` for an option that it cannot have. */
  add(observer: Observer<Input, Output>, options?: ObserveOptions): () => void {
    const { name, maxPending } = resolveObserveOptions(observer.name, options);
    // One of its own, so that one function observing twice is two observers.
    const own = new ObservedFunction(observer, maxPending, this.#account.open(name));
    this.#observers.add(own);
    return () => {
      if (this.#observers.delete(own)) own.end();
    };
  }

  emit(event: PredictionEvent<Input, Output>): void {
    this.#untold.push(event);
    this.#schedule();
  }

  /** Tells now what would be told later, however long it takes. */
  flush(): void {
    this.#tell(Infinity);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#environment.defer(() => {
      this.#isScheduled = false;
      this.#tell(sliceMs);
    });
  }

  #tell(budgetMs: number): void {
    // Asked for by an observer in the middle of a round, as close() does: after this round, or the order is lost.
    if (this.#isTelling) return this.#schedule();
    this.#isTelling = true;
    const events = this.#untold;
    this.#untold = [];
    let lapStart = this.#environment.now();
    const lapMs = (): number => {
      const startedAt = lapStart;
      lapStart = this.#environment.now();
      return lapStart - startedAt;
    };
    // Over a copy: one that an observer adds hears of later events only.
    const observers = Array.from(this.#observers);
    for (const observer of observers) observer.beginRound(lapMs, budgetMs);
    for (const event of events) {
      for (const observer of observers) observer.tell(event, lapMs);
    }
    this.#isTelling = false;
    if (observers.some(({ isBehind }) => isBehind)) this.#schedule();
  }
}

/** Milliseconds of one turn of the event loop that an observer may take. */
const sliceMs = 10;
