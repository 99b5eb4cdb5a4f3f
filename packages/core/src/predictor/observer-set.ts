import type { Environment } from "../environment.ts";
import type { Observer, PredictionEvent } from "./prediction-event.ts";

/** The observers of a predictor: they hear of events in order, later, and cannot do harm. */
export class ObserverSet<Input, Output> {
  readonly #environment: Environment;
  readonly #observers = new Set<Observer<Input, Output>>();
  #pending: PredictionEvent<Input, Output>[] = [];
  #errorCount = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** How often an observer threw. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** Whether an event would be heard by anyone. */
  get isEmpty(): boolean {
    return this.#observers.size === 0;
  }

  add(observer: Observer<Input, Output>): () => void {
    // A wrapper of its own, so that one function observing twice is two observers.
    const own: Observer<Input, Output> = (event) => observer(event);
    this.#observers.add(own);
    return () => void this.#observers.delete(own);
  }

  emit(event: PredictionEvent<Input, Output>): void {
    this.#pending.push(event);
    if (this.#pending.length === 1) this.#environment.defer(() => this.flush());
  }

  /** Tells now what would be told later. */
  flush(): void {
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) {
      // Over a copy: one that an observer adds hears of later events only.
      for (const observer of Array.from(this.#observers)) {
        if (this.#observers.has(observer)) this.#call(observer, event);
      }
    }
  }

  #call(observer: Observer<Input, Output>, event: PredictionEvent<Input, Output>): void {
    const countError = (): void => {
      this.#errorCount += 1;
    };
    try {
      // An asynchronous function is an observer too, and its rejection must not go unhandled.
      const result: unknown = observer(event);
      if (result instanceof Promise) result.catch(countError);
    } catch {
      countError();
    }
  }
}
