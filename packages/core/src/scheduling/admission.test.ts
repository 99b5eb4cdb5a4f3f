import { describe, expect, test } from "vitest";

import { rows, setUpTensors } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import {
  codesOf,
  doubled,
  outcomesOf,
  range,
  SchedulerSetup,
  type Submission,
} from "./scheduler.fixtures.ts";

const refusalsOf = (submissions: readonly Submission[]): unknown[] =>
  codesOf(submissions).filter((code) => code === "OVERLOADED");

describe("the bound of the queue", () => {
  test.each([
    { shareRuns: true, laneCount: 1, maxBatchSize: 8, bound: 5 },
    { shareRuns: false, laneCount: 1, maxBatchSize: 8, bound: 5 },
    { shareRuns: true, laneCount: 3, maxBatchSize: 4, bound: 12 },
    { shareRuns: true, laneCount: 1, maxBatchSize: 64, bound: 1 },
  ])("is exact: while all run, $bound wait and 2 more are refused; %o", async ({ bound, ...options }) => {
    const setup = new SchedulerSetup({ ...options, maxQueueSize: bound });
    const running = setup.submitEach(...range(1, options.laneCount));
    await settled();
    expect(setup.scheduler).toMatchObject({ running: options.laneCount, queued: 0 });

    const waiting = setup.submitEach(...range(101, 100 + bound));
    const refused = setup.submitEach(1_001, 1_002);
    await settled();
    expect(setup.scheduler.queued).toBe(bound);
    expect(refusalsOf(setup.submissions)).toHaveLength(2);
    expect(refused.map(({ outcomes }) => outcomes)).toMatchObject([
      [{ code: "OVERLOADED", model: "doubling", reason: "queue-full" }],
      [{ code: "OVERLOADED", model: "doubling", reason: "queue-full" }],
    ]);
    await setup.runAll();
    expect(outcomesOf([...running, ...waiting])).toEqual(doubled([...running, ...waiting]));
    expect(setup.sessions.flatMap(({ runs }) => runs.flatMap(({ values }) => values))).not.toContain(1_001);
  });

  test("counts rows", async () => {
    const setup = new SchedulerSetup({ maxQueueSize: 5 });
    setup.submit(0);
    await settled();
    for (const size of [3, 3, 2, 1]) setup.submit(range(1, size));
    await setup.runAll();
    expect(codesOf(setup.submissions)).toEqual([[0], [2, 4, 6], "OVERLOADED", [2, 4], "OVERLOADED"]);
  });

  test("has room again for each that leaves: by running, an abort, a deadline", async () => {
    const setup = new SchedulerSetup({ maxQueueSize: 2, shareRuns: false });
    const controller = new AbortController();
    setup.submit(0);
    await settled();
    setup.submit(1, { signal: controller.signal });
    setup.submit(2, { deadline: setup.environment.now() + 10 });
    expect(refusalsOf([setup.submit(3)])).toEqual([]);
    await settled();
    expect(codesOf(setup.submissions)).toEqual([undefined, undefined, undefined, "OVERLOADED"]);
    controller.abort();
    const afterAbort = setup.submit(4);
    setup.environment.advance(10);
    const afterDeadline = setup.submit(5);
    await setup.finish();
    const afterRun = setup.submit(6);
    const tooMany = setup.submit(7);
    await setup.runAll();
    expect(codesOf([afterAbort, afterDeadline, afterRun, tooMany])).toEqual([[8], [10], [12], "OVERLOADED"]);
  });

  test("lets a request of more rows wait when nothing else does", async () => {
    const setup = new SchedulerSetup({ maxQueueSize: 2, maxBatchSize: 4 });
    setup.submit(0);
    await settled();
    const large = setup.submit(range(1, 9));
    const another = setup.submit(1);
    await setup.runAll();
    expect(codesOf([large, another])).toEqual([range(1, 9).map((value) => 2 * value), "OVERLOADED"]);
  });

  test("refuses nobody whose request is over anyhow: that is an answer of its own", async () => {
    const setup = new SchedulerSetup({ maxQueueSize: 1 });
    setup.submit(0);
    await settled();
    const [waiting, aborted, late] = [
      setup.submit(1),
      setup.submit(2, { signal: AbortSignal.abort() }),
      setup.submit(3, { deadline: setup.environment.now() - 1 }),
    ];
    await setup.runAll();
    expect(codesOf([waiting, aborted, late])).toEqual([[2], "ABORTED", "DEADLINE_EXCEEDED"]);
  });

  test("comes to the caller of a predictor, and to its observers", async () => {
    const { predictor, predictTensors, session, environment } = await setUpTensors({
      hold: true,
      queue: { maxSize: 1 },
    });
    const codes: unknown[] = [];
    predictor.observe((event) =>
      codes.push(event.outcome === "failure" ? event.error.code : event.batchRows),
    );
    const answers = [predictTensors(rows(1))];
    await settled();
    answers.push(predictTensors(rows(2)), predictTensors(rows(3)));
    await expect(answers[2]).rejects.toMatchObject({
      code: "OVERLOADED",
      model: "doubling",
      retryAfterMs: 0,
    });
    for (const _ of [1, 2]) {
      session.heldRuns[0]!.finish();
      await settled();
    }
    await Promise.all(answers.slice(0, 2));
    environment.runDeferred();
    expect(codes).toEqual(["OVERLOADED", 1, 1]);
  });
});

describe("retryAfterMs", () => {
  test("is when what runs and waits is expected to be done", async () => {
    const setup = new SchedulerSetup({ maxQueueSize: 10, maxBatchSize: 4 });
    await setup.train(10, 1);
    setup.submitEach(...range(1, 4));
    await settled();
    setup.environment.advance(5);
    setup.submitEach(...range(5, 14));
    const refused = setup.submit(15);
    await settled();
    // 9 ms of the run are left; then batches of 4, 4 and 2 rows.
    expect(refused.outcomes[0]).toMatchObject({ retryAfterMs: expect.closeTo(9 + 14 + 14 + 12, 6) });
    // A run that takes longer than expected is expected to end at once.
    setup.environment.advance(100);
    const later = setup.submit(16);
    await settled();
    expect(later.outcomes[0]).toMatchObject({ retryAfterMs: expect.closeTo(40, 6) });
  });

  test("where runs are not shared, counts each", async () => {
    const setup = new SchedulerSetup({ maxQueueSize: 3, shareRuns: false });
    await setup.train(10, 1);
    setup.submit(1);
    await settled();
    setup.submitEach(2, 3, 4);
    const refused = setup.submit(5);
    await settled();
    expect(refused.outcomes[0]).toMatchObject({ retryAfterMs: expect.closeTo(4 * 11, 6) });
  });
});
