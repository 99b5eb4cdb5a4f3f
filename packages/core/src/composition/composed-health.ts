import { mergeObserverHealth, type ObserverHealth } from "../predictor/observer-account.ts";
import type { PredictorHealth } from "../predictor/predictor.ts";

const badness: Readonly<Record<PredictorHealth["status"], number>> = { ready: 0, closing: 1, closed: 2 };

/** The health of a composition that is itself `ready`, and answers with `required` of its members. */
export function composeHealth(
  members: readonly PredictorHealth[],
  required: number,
): PredictorHealth & { readonly observers: readonly ObserverHealth[] } {
  const statuses = members.map(({ status }) => status).toSorted((a, b) => badness[a] - badness[b]);
  const sum = (pick: (health: PredictorHealth) => number): number =>
    members.reduce((total, health) => total + pick(health), 0);
  return {
    status: statuses[required - 1] ?? "ready",
    queued: sum(({ queued }) => queued),
    running: sum(({ running }) => running),
    observerErrors: sum(({ observerErrors }) => observerErrors),
    observers: mergeObserverHealth(members.map(({ observers = [] }) => observers)),
  };
}
