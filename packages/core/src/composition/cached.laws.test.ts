import fc from "fast-check";
import { expect, test } from "vitest";

import { MlopsError } from "../errors/mlops-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { cached } from "./cached.ts";
import { type FakeCall, FakePredictor } from "./fake-predictor.fixtures.ts";

// The laws: every request ends once, with a result of its own input or an error that something gave
// cause for; for each key there is at most one run that somebody waits for; the bound holds.

const choice = fc.nat(50);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("ask" as const),
      input: fc.nat(3),
      deadlineMs: fc.option(fc.nat(8)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom("abort" as const, "answer" as const, "fail" as const),
      choice,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("advance" as const), byMs: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("settle" as const) }) },
);
const steps = fc.array(step, { maxLength: 40, size: "max" });

interface Asked {
  readonly input: number;
  readonly controller: AbortController;
  readonly outcomes: string[];
  /** The errors that something gave cause for. */
  readonly errors: Set<string>;
  readonly deadline: number;
}

test.each([{ heedsSignal: true }, { heedsSignal: false }])(
  "laws of cached(), %o",
  async ({ heedsSignal }) => {
    const law = fc.asyncProperty(steps, fc.constantFrom(0, 500, 100_000), async (taken, maxBytes) => {
      const environment = new FakeEnvironment();
      const inner = new FakePredictor<number, string>({ environment, heedsSignal });
      const composed = cached(inner.predictor, { maxBytes, ttlMs: 20, environment });
      const requests: Asked[] = [];
      const open = new Set<FakeCall<number, string>>();
      let known = 0;
      const look = (): void => {
        for (const call of inner.calls.slice(known)) open.add(call);
        known = inner.calls.length;
        const wanted = [...open].filter(({ options }) => !options.signal?.aborted).map(({ input }) => input);
        expect(new Set(wanted).size, "one run for each key").toBe(wanted.length);
        expect(composed.stats().bytes, "the bound").toBeLessThanOrEqual(maxBytes);
      };
      const end = (call: FakeCall<number, string> | undefined, how: "answer" | "fail"): void => {
        if (call === undefined) return;
        open.delete(call);
        if (how === "answer") call.answer(`result of ${call.input}`);
        else {
          for (const request of requests)
            if (request.input === call.input) request.errors.add("BACKEND_FAILED");
          call.fail(new Error("it failed"));
        }
      };
      for (const { type, ...rest } of taken) {
        const {
          input = 0,
          deadlineMs = null,
          choice: chosen = 0,
          byMs = 0,
        } = rest as Partial<Record<"input" | "choice" | "byMs", number> & { deadlineMs: number | null }>;
        if (type === "ask") {
          const deadline = deadlineMs === null ? Infinity : environment.now() + deadlineMs;
          const request: Asked = {
            input,
            controller: new AbortController(),
            outcomes: [],
            errors: new Set(),
            deadline,
          };
          requests.push(request);
          if (deadlineMs === 0) request.errors.add("DEADLINE_EXCEEDED");
          composed.predict(input, { signal: request.controller.signal, deadline }).then(
            (result) => request.outcomes.push(result),
            (error: unknown) =>
              request.outcomes.push(MlopsError.isInstance(error) ? error.code : `untyped ${String(error)}`),
          );
        } else if (type === "abort" && requests.length > 0) {
          const request = requests[chosen % requests.length]!;
          request.controller.abort();
          request.errors.add("ABORTED");
        } else if (type === "answer" || type === "fail") {
          look();
          end([...open][chosen % open.size], type);
        } else if (type === "advance") {
          environment.advance(byMs);
          for (const { deadline, errors } of requests)
            if (deadline <= environment.now()) errors.add("DEADLINE_EXCEEDED");
        } else await settled();
        look();
      }
      await settled();
      look();
      for (const call of open) end(call, "answer");
      const closing = composed.close();
      await settled();
      // What was refused by a run of its own is now done; nothing is left that could run.
      for (const call of inner.calls) call.answer(`result of ${call.input}`);
      await closing;
      for (const { input, outcomes, errors } of requests) {
        expect(outcomes).toHaveLength(1);
        expect([`result of ${input}`, ...errors]).toContain(outcomes[0]);
      }
      expect(environment.timerCount).toBe(0);
      const { hits, joins, misses } = composed.stats();
      expect(misses).toBe(inner.calls.length);
      expect(hits + joins + misses).toBeLessThanOrEqual(requests.length);
    });
    await fc.assert(law, { numRuns: 200 });
  },
);
