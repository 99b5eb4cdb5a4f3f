import type { Environment } from "../environment.ts";

/** The watch over one predictor. */
export interface LeakWatch {
  /** Begins. Nothing that the watch holds may hold the predictor, or it would never be collected. */
  watch(predictor: object): void;
  /** Ends: the predictor is being closed. */
  forget(): void;
}

/**
 * Sees to a predictor that is collected without having been closed: its model is freed, and the
 * environment is warned, once.
 */
export function watchForLeak(environment: Environment, model: string, free: () => Promise<void>): LeakWatch {
  let forget = (): void => {};
  const onCollected = (): void => {
    environment.warn?.({
      type: "predictor-not-closed",
      model,
      message: `A predictor of ${JSON.stringify(model)} was collected without having been closed; its model is freed now. Close it, or hold it with "await using".`,
    });
    // Nobody is left to hear of a failure.
    free().catch(() => {});
  };
  return {
    watch(predictor) {
      forget = environment.onCollected?.(predictor, onCollected) ?? forget;
    },
    forget: () => forget(),
  };
}
