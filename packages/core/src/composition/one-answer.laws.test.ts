import fc from "fast-check";
import { expect, test } from "vitest";

import { MlopsError } from "../errors/mlops-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import type { PredictionEvent } from "../predictor/prediction-event.ts";
import { ensemble } from "./ensemble.ts";
import { fallback } from "./fallback.ts";
import { type FakeCall, FakePredictor } from "./fake-predictor.fixtures.ts";
import { mean } from "./mean.ts";
import { pipeline } from "./pipeline.ts";
import { retrying } from "./retrying.ts";
import { withTimeout } from "./with-timeout.ts";

// The law: whatever happens in whichever order, every request to a composition of compositions ends
// in exactly one of its own result or a typed error that something gave cause for, its observers
// hear of just that, and nothing is left behind.

const choice = fc.nat(50);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant("ask" as const), deadlineMs: fc.option(fc.nat(60)) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("abort" as const), choice }) },
  { weight: 7, arbitrary: fc.record({ type: fc.constant("answer" as const), choice }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom("fail" as const, "lose" as const), choice }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("advance" as const), byMs: fc.nat(15) }) },
  { weight: 5, arbitrary: fc.constant({ type: "settle" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "close" as const }) },
);
const steps = fc.array(step, { maxLength: 60, size: "max" });

interface Asked {
  readonly controller: AbortController;
  readonly deadline: number;
  readonly outcomes: (number | string)[];
  /** The codes that something gave cause for, whichever request it was that a member failed. */
  readonly errors: Set<string>;
}

test.each([{ heedsSignal: true }, { heedsSignal: false }])(
  "one answer per request, %o",
  async ({ heedsSignal }) => {
    const law = fc.asyncProperty(
      steps,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (taken, random) => {
        const environment = new FakeEnvironment();
        const fakes = Array.from({ length: 4 }, () => new FakePredictor({ environment, heedsSignal }));
        const [a, b, c, spare] = fakes.map(({ predictor }) => predictor);
        const voters = ensemble([a!, b!, c!], { combine: mean(), minMembers: 2, environment });
        const patient = retrying(withTimeout(voters, 20, { environment }), {
          environment,
          random: () => random.next().value,
        });
        const composed = fallback([patient, pipeline([spare!, (value) => value], { environment })], {
          environment,
        });
        const events: PredictionEvent[] = [];
        composed.observe((event) => events.push(event));
        const requests: Asked[] = [];
        const ended = new Set<FakeCall<number, number>>();
        /** Requests that were not answered when they had to be. */
        const open: Asked[] = [];
        let isClosing = false;

        const end = (chosen: number, how: "answer" | "fail" | "lose"): void => {
          const held = fakes.flatMap(({ calls }) => calls).filter((call) => !ended.has(call));
          const call = held[chosen % held.length];
          if (call === undefined) return;
          ended.add(call);
          if (how === "answer") return call.answer(2 * call.input);
          requests[call.input]!.errors.add(how === "fail" ? "BACKEND_FAILED" : "WORKER_LOST");
          call.fail(how === "fail" ? new Error("it failed") : new WorkerLostError({ problem: "it is gone" }));
        };
        const passTime = (byMs: number): void => {
          environment.advance(byMs);
          for (const { errors } of requests) errors.add("DEADLINE_EXCEEDED");
        };

        for (const { type, ...rest } of taken) {
          const {
            deadlineMs = null,
            choice: chosen = 0,
            byMs = 0,
          } = rest as {
            readonly deadlineMs?: number | null;
            readonly choice?: number;
            readonly byMs?: number;
          };
          if (type === "ask") {
            const deadline = deadlineMs === null ? Infinity : environment.now() + deadlineMs;
            const request: Asked = {
              controller: new AbortController(),
              deadline,
              outcomes: [],
              errors: new Set(),
            };
            if (isClosing) request.errors.add("CLOSED");
            if (deadlineMs === 0) request.errors.add("DEADLINE_EXCEEDED");
            requests.push(request);
            composed.predict(requests.length - 1, { signal: request.controller.signal, deadline }).then(
              (output) => request.outcomes.push(output),
              (error: unknown) =>
                request.outcomes.push(MlopsError.isInstance(error) ? error.code : `untyped ${String(error)}`),
            );
          } else if (type === "abort") {
            const request = requests[chosen % requests.length];
            request?.controller.abort();
            request?.errors.add("ABORTED");
          } else if (type === "advance") passTime(byMs);
          else if (type === "settle") {
            await settled();
            const late = requests.filter(
              ({ deadline, controller }) => deadline <= environment.now() || controller.signal.aborted,
            );
            open.push(...late.filter(({ outcomes }) => outcomes.length !== 1));
          } else if (type === "close") {
            isClosing = true;
            void composed.close();
          } else end(chosen, type);
        }
        const closing = composed.close();
        for (let round = 0; round < 8; round += 1) {
          await settled();
          for (let call = 0; call < 200; call += 1) end(0, "answer");
          passTime(200);
        }
        await closing;
        environment.runDeferred();
        for (const [input, { outcomes, errors }] of requests.entries()) {
          expect(outcomes).toHaveLength(1);
          expect(errors.has("CLOSED") ? ["CLOSED"] : [2 * input, ...errors]).toContain(outcomes[0]);
        }
        const told = events
          .map((event) => (event.outcome === "success" ? event.output : event.error.code))
          .map(String);
        expect(told.toSorted()).toEqual(requests.map(({ outcomes }) => String(outcomes[0])).toSorted());
        expect(fakes.map(({ closeCount }) => closeCount)).toEqual([1, 1, 1, 1]);
        expect(composed.health()).toMatchObject({
          status: "closed",
          queued: 0,
          running: 0,
          observerErrors: 0,
        });
        expect(environment.timerCount).toBe(0);
        expect(open).toEqual([]);
      },
    );
    await fc.assert(law, { numRuns: 150 });
  },
);
