import { describe, expect, it } from "vitest";

import { FakeSession } from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { ElasticLanes, type ElasticLanesOptions, type WorkerSession } from "./elastic-lanes.ts";

interface FakeWorker extends WorkerSession {
  isLost: boolean;
  stopCount: number;
}

const quick = { rows: 1, isAlone: true, isSuspect: false, expectedMs: 1 };
const long = { rows: 64, isAlone: false, isSuspect: false, expectedMs: 10 };

function fakeWorker(): FakeWorker {
  const worker: FakeWorker = {
    session: new FakeSession(),
    isLost: false,
    stopCount: 0,
    async stop() {
      worker.stopCount += 1;
    },
  };
  return worker;
}

function setUp(options: Partial<ElasticLanesOptions> = {}) {
  const environment = new FakeEnvironment();
  const inline = new FakeSession();
  const started: FakeWorker[] = [];
  const failures: unknown[] = [];
  const lanes = new ElasticLanes({
    inline,
    startWorker: async () => {
      const worker = fakeWorker();
      started.push(worker);
      return worker;
    },
    workers: [],
    minWorkers: 0,
    maxWorkers: 1,
    environment,
    onStartFailed: (error) => failures.push(error),
    ...options,
  });
  return { lanes, environment, inline, started, failures };
}

describe("ElasticLanes", () => {
  it("keeps on this thread what is quicker than the way to another, and starts no worker for it", async () => {
    const { lanes, started } = setUp();
    const lane = lanes.take(quick)!;
    expect(lane.kind).toBe("inline");
    lanes.free(lane);
    expect(lanes.take({ ...quick, rows: 8, isAlone: false, expectedMs: 0.5 })!.kind).toBe("inline");
    await settled();
    expect(started).toHaveLength(0);
  });

  it("starts a worker for what takes longer, and works on here until it is there", async () => {
    const { lanes, started } = setUp();
    let freed = 0;
    lanes.onFree = () => (freed += 1);
    const first = lanes.take(long)!;
    expect(first.kind).toBe("inline");
    await settled();
    expect([started.length, freed, lanes.freeCount]).toEqual([1, 1, 1]);
    expect(lanes.take(long)).toMatchObject({ kind: "worker", session: started[0]!.session });
    lanes.free(first);
    expect(lanes.take(long), "with a worker there, long batches wait for it").toBeUndefined();
    expect(lanes.take(quick)!.kind).toBe("inline");
    expect(started).toHaveLength(1);
  });

  it("starts another one when all are busy, up to the most", async () => {
    const { lanes, started } = setUp({
      inline: undefined,
      workers: [fakeWorker()],
      minWorkers: 1,
      maxWorkers: 2,
    });
    expect(lanes.take(quick)!.kind).toBe("worker");
    expect(lanes.take(long)).toBeUndefined();
    expect(lanes.take(long)).toBeUndefined();
    await settled();
    expect([started.length, lanes.size]).toEqual([1, 2]);
    expect(lanes.take(long)!.kind).toBe("worker");
    expect(lanes.take(long)).toBeUndefined();
    await settled();
    expect(started).toHaveLength(1);
  });

  it("leaves a lost worker out, and starts another in its place", async () => {
    const workers = [fakeWorker(), fakeWorker()];
    const { lanes, started } = setUp({ inline: undefined, workers, minWorkers: 2, maxWorkers: 2 });
    workers[1]!.isLost = true;
    const lane = lanes.take(long)!;
    expect(lane.session).toBe(workers[0]!.session);
    workers[0]!.isLost = true;
    lanes.free(lane);
    expect(lanes.take(long)).toBeUndefined();
    await settled();
    expect(started).toHaveLength(1);
    expect(lanes.take(long)!.session).toBe(started[0]!.session);
  });

  it("tells of a worker that cannot be started, and goes on here", async () => {
    const error = new Error("no threads");
    const { lanes, failures } = setUp({ startWorker: () => Promise.reject(error) });
    lanes.free(lanes.take(long)!);
    await settled();
    lanes.free(lanes.take(long)!);
    await settled();
    expect(failures).toEqual([error]);
  });

  it("keeps from this thread what may have ended a worker, and waits for another one", async () => {
    const { lanes, started } = setUp();
    expect(lanes.take({ ...quick, isSuspect: true })).toBeUndefined();
    await settled();
    expect(lanes.take({ ...quick, isSuspect: true })).toMatchObject({ session: started[0]!.session });
  });

  it("without any lane tries again after pauses that grow, says so once, and lets nobody wait in vain", async () => {
    let starts = 0;
    let canStart = false;
    const lost = fakeWorker();
    const { lanes, environment, failures } = setUp({
      inline: undefined,
      workers: [lost],
      minWorkers: 1,
      async startWorker() {
        starts += 1;
        if (!canStart) throw new Error(`start ${starts}`);
        return fakeWorker();
      },
    });
    const stuck: unknown[] = [];
    lanes.onStuck = (error) => stuck.push(error);
    lanes.onFree = () => lanes.take(long);
    lost.isLost = true;
    expect(lanes.take(long)).toBeUndefined();
    await settled();
    expect([starts, stuck.length]).toEqual([1, 0]);
    for (const pauseMs of [100, 200, 400]) {
      environment.advance(pauseMs - 1);
      lanes.take(long);
      await settled();
      const before = starts;
      environment.advance(1);
      await settled();
      expect(starts).toBe(before + 1);
    }
    expect(stuck).toEqual([new Error("start 3"), new Error("start 4")]);
    expect(failures).toEqual([new Error("start 1")]);
    environment.advance(60_000);
    await settled();
    expect(starts).toBe(5);
    canStart = true;
    environment.advance(5_000);
    await settled();
    expect([starts, lanes.workerCount]).toEqual([6, 1]);
    await lanes.release();
    expect(environment.timerCount).toBe(0);
  });

  it("stops workers that have had nothing to do for a minute, down to the least number", async () => {
    const workers = [fakeWorker(), fakeWorker(), fakeWorker()];
    const { lanes, environment } = setUp({ workers, minWorkers: 1, maxWorkers: 3 });
    lanes.free(lanes.take(long)!);
    environment.advance(59_999);
    expect(workers.map(({ stopCount }) => stopCount)).toEqual([0, 0, 0]);
    environment.advance(200_000);
    await settled();
    expect(workers.filter(({ stopCount }) => stopCount === 1)).toHaveLength(2);
    expect([lanes.size, environment.timerCount]).toEqual([1, 0]);
  });

  it("frees all of it, also a worker that is still being started", async () => {
    const { lanes, inline, started, environment } = setUp();
    lanes.take(long);
    const releasing = lanes.release();
    await releasing;
    expect(inline.releaseCount).toBe(1);
    expect(started.map(({ stopCount }) => stopCount)).toEqual([1]);
    expect(environment.timerCount).toBe(0);
  });
});
