import type { TimeAvailability } from "./availability-clock.ts";
import { requestAvailability, sum, summedThroughput, throughput } from "./series-reader.ts";
import type {
  AvailabilitySnapshot,
  ModelSnapshot,
  RequestAvailability,
  ServiceSnapshot,
} from "./snapshot.ts";

/**
 * All models together.
 *
 * @param overMs - Milliseconds since the metrics were created.
 */
export function readService(
  models: readonly ModelSnapshot[],
  time: TimeAvailability,
  overMs: number,
): ServiceSnapshot {
  const total = (read: (model: ModelSnapshot) => number): number => sum(models.map(read));
  const byRequests = (read: (one: AvailabilitySnapshot) => RequestAvailability): RequestAvailability =>
    requestAvailability(
      total(({ availability }) => read(availability).successes),
      total(({ availability }) => read(availability).faults),
      total(({ availability }) => read(availability).excluded),
    );
  const requests = total((model) => model.requests);
  const [successes, rows] = [total((model) => model.successes), total((model) => model.rows)];
  return {
    availability: {
      time,
      requests: byRequests((one) => one.requests),
      windowRequests: byRequests((one) => one.windowRequests),
    },
    throughput: {
      window: summedThroughput(models.map((model) => model.throughput.window)),
      sinceStart: throughput(overMs, requests, successes, rows),
    },
    requests,
    queued: total((model) => model.queued),
    running: total((model) => model.running),
  };
}
