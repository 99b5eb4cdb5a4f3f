import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createPredictor } from "./create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession, rows } from "./fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "./fake-environment.fixtures.ts";
import { ObserverSet } from "./observer-set.ts";
import type { PredictionEvent } from "./prediction-event.ts";

/** An event that is known by its key. */
function event(key: number): PredictionEvent<unknown, unknown> {
  return {
    model: "price",
    version: "1",
    key: String(key),
    startedAt: 0,
    totalMs: 1,
    queueMs: 0,
    runMs: 1,
    rows: 1,
    batchRows: 1,
    input: undefined,
    inputTensors: undefined,
    outcome: "success",
    output: undefined,
    outputTensors: undefined,
  };
}

/** Observers whose turns of the event loop are taken by hand. */
function setUp() {
  const deferred: (() => void)[] = [];
  const environment = Object.assign(new FakeEnvironment(), {
    defer: (callback: () => void): void => void deferred.push(callback),
  });
  const observers = new ObserverSet<unknown, unknown>(environment);
  const emit = (from: number, to: number): void => {
    for (let key = from; key <= to; key += 1) observers.emit(event(key));
  };
  const takeTurn = (): void => {
    for (const callback of deferred.splice(0)) callback();
  };
  return { environment, observers, emit, takeTurn, deferred };
}

const keyOf = ({ key }: PredictionEvent): number => Number(key);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe("a slow observer", () => {
  test("gets 10 ms of a turn, in which the others hear of everything, and the rest in later turns, in order", () => {
    const { environment, observers, emit, takeTurn, deferred } = setUp();
    const [slow, quick]: [number[], number[]] = [[], []];
    observers.add((one) => {
      environment.block(4);
      slow.push(keyOf(one));
    });
    observers.add((one) => quick.push(keyOf(one)));
    emit(1, 7);
    takeTurn();
    expect([slow, quick]).toEqual([upTo(3), upTo(7)]);
    expect(observers.health).toEqual([{ name: "unnamed", observing: 2, pending: 4, errors: 0, drops: 0 }]);
    emit(8, 8);
    takeTurn();
    expect([slow, quick]).toEqual([upTo(6), upTo(8)]);
    takeTurn();
    expect([slow, deferred]).toEqual([upTo(8), []]);
    expect(observers.health[0]).toMatchObject({ pending: 0, drops: 0 });
  });

  test("loses what comes while maxPending events wait for it, and nobody else does", () => {
    const { environment, observers, emit, takeTurn } = setUp();
    const [slow, quick]: [number[], number[]] = [[], []];
    const slowObserver = (one: PredictionEvent): void => {
      environment.block(20);
      slow.push(keyOf(one));
    };
    observers.add(slowObserver, { maxPending: 2 });
    observers.add((one) => quick.push(keyOf(one)), { name: "quick" });
    emit(1, 5);
    takeTurn();
    expect(observers.health).toEqual([
      { name: "slowObserver", observing: 1, pending: 2, errors: 0, drops: 2 },
      { name: "quick", observing: 1, pending: 0, errors: 0, drops: 0 },
    ]);
    for (let turn = 0; turn < 3; turn += 1) takeTurn();
    expect([slow, quick]).toEqual([upTo(3), upTo(5)]);
  });

  test("hears of all that waits when the predictor closes, however long it takes", () => {
    const { environment, observers, emit, takeTurn } = setUp();
    const heard: number[] = [];
    observers.add((one) => {
      environment.block(100);
      heard.push(keyOf(one));
    });
    emit(1, 3);
    takeTurn();
    expect(heard).toEqual([1]);
    emit(4, 5);
    observers.flush();
    expect(heard).toEqual(upTo(5));
  });

  test("that ends its observation leaves nothing behind", () => {
    const { environment, observers, emit, takeTurn, deferred } = setUp();
    const heard: number[] = [];
    const end = observers.add((one) => {
      environment.block(100);
      heard.push(keyOf(one));
      if (heard.length === 2) end();
    });
    emit(1, 5);
    for (let turn = 0; turn < 5; turn += 1) takeTurn();
    expect([heard, deferred]).toEqual([upTo(2), []]);
    expect(observers.health[0]).toMatchObject({ observing: 0, pending: 0 });
  });

  test("that flushes in the middle of a round does not mix up the order", () => {
    const { observers, emit, takeTurn } = setUp();
    const heard: number[] = [];
    observers.add((one) => {
      heard.push(keyOf(one));
      if (keyOf(one) !== 1) return;
      emit(4, 4);
      observers.flush();
    });
    emit(1, 3);
    takeTurn();
    takeTurn();
    expect(heard).toEqual(upTo(4));
  });
});

test("between the turns of a slow observer requests are answered, on the host's own clock", async () => {
  const backend = fakeBackend(new FakeSession());
  const predictor = await createPredictor({ model: fakeModel, backend });
  let heard = 0;
  predictor.observe(() => {
    const until = performance.now() + 12;
    while (performance.now() < until);
    heard += 1;
  });
  await Promise.all(upTo(15).map((value) => predictor.predict(rows(value))));
  // The first one ran by itself, and all others together: they are told of in one round.
  await expect.poll(() => heard, { interval: 0 }).toBeGreaterThan(1);
  await predictor.predict(rows(16));
  expect(heard, "not all in one turn").toBeLessThan(15);
  await predictor.close();
  expect(heard).toBe(16);
});

describe("an asynchronous observer", () => {
  const unhandled: unknown[] = [];
  const remember = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on("unhandledRejection", remember);
  });
  afterEach(() => void process.off("unhandledRejection", remember));

  test("has at most maxPending promises under way, and is told again once one has settled", async () => {
    const { observers, emit, takeTurn } = setUp();
    const open: { readonly key: number; settle(how: "resolve" | "reject"): void }[] = [];
    const writeAway = (one: PredictionEvent): Promise<void> =>
      new Promise((resolve, reject) => {
        open.push({
          key: keyOf(one),
          settle: (how) => (how === "resolve" ? resolve() : reject(new Error("no disk"))),
        });
      });
    observers.add(writeAway, { maxPending: 3 });
    emit(1, 5);
    takeTurn();
    expect(open.map(({ key }) => key)).toEqual(upTo(3));
    const base = { name: "writeAway", observing: 1 };
    expect(observers.health).toEqual([{ ...base, pending: 3, errors: 0, drops: 2 }]);
    open[0]!.settle("resolve");
    open[1]!.settle("reject");
    await settled();
    expect(observers.health).toEqual([{ ...base, pending: 1, errors: 1, drops: 2 }]);
    emit(6, 8);
    takeTurn();
    expect(open.map(({ key }) => key)).toEqual([1, 2, 3, 6, 7]);
    expect(observers.health).toEqual([{ ...base, pending: 3, errors: 1, drops: 3 }]);
    expect(unhandled).toEqual([]);
  });

  test("that rejects after it has ended is counted, and is not unhandled", async () => {
    const { observers, emit, takeTurn } = setUp();
    const end = observers.add(() => settled().then(() => Promise.reject(new Error("too late"))));
    emit(1, 1);
    takeTurn();
    end();
    expect(observers.health[0]).toMatchObject({ observing: 0, pending: 1, errors: 0 });
    await settled();
    await settled();
    expect(observers.health[0]).toMatchObject({ pending: 0, errors: 1 });
    expect([observers.errorCount, unhandled]).toEqual([1, []]);
  });

  /* oxlint-disable unicorn/no-thenable -- such objects are what is tested */
  test.each([
    ["rejects", { then: (_: unknown, reject: (reason: unknown) => void) => reject(new Error("no")) }],
    [
      "throws",
      {
        then() {
          throw new Error("no");
        },
      },
    ],
    [
      "cannot be looked at",
      {
        get then() {
          throw new Error("no");
        },
      },
    ],
  ])("may give a promise of another library, which %s", async (_, thenable) => {
    const { observers, emit, takeTurn } = setUp();
    observers.add(() => thenable);
    emit(1, 1);
    takeTurn();
    await settled();
    expect(observers.health[0]).toMatchObject({ pending: 0, errors: 1 });
    expect(unhandled).toEqual([]);
  });
  /* oxlint-enable unicorn/no-thenable */
});

describe("the account", () => {
  test("adds up observers of one name, those that have ended too", () => {
    const { observers, emit, takeTurn } = setUp();
    const fail = (): void => {
      throw new Error("no");
    };
    const end = observers.add(fail);
    observers.add(fail, { name: "fail" });
    emit(1, 1);
    takeTurn();
    end();
    emit(2, 2);
    takeTurn();
    expect(observers.health).toEqual([{ name: "fail", observing: 1, pending: 0, errors: 3, drops: 0 }]);
    expect(observers.errorCount).toBe(3);
  });

  test("keeps 32 names, one for the rest, and loses no count", () => {
    const { observers, emit, takeTurn } = setUp();
    for (let index = 0; index < 100; index += 1) {
      observers.add(
        () => {
          throw new Error("no");
        },
        { name: `observer ${index}` },
      );
    }
    emit(1, 1);
    takeTurn();
    expect(observers.health).toHaveLength(33);
    expect(observers.health.at(-1)).toEqual({
      name: "other",
      observing: 68,
      pending: 0,
      errors: 68,
      drops: 0,
    });
    expect(observers.errorCount).toBe(100);
  });

  test("forgets names that are gone and have nothing to their account, once there are many", () => {
    const { observers } = setUp();
    for (let index = 0; index < 1_000; index += 1) observers.add(() => {}, { name: `observer ${index}` })();
    expect(observers.health.length).toBeLessThanOrEqual(32);
    expect(observers.health.every(({ name }) => name !== "other")).toBe(true);
  });

  test.each<[string, object]>([
    ["name", { name: "" }],
    ["name", { name: "x".repeat(129) }],
    ["name", { name: 5 }],
    ["maxPending", { maxPending: 0 }],
    ["maxPending", { maxPending: 1.5 }],
    ["maxPending", { maxPending: NaN }],
    ["maxPending", { maxPending: "5" }],
  ])("refuses a bad %s: %o", (option, options) => {
    const { observers } = setUp();
    expect(() => observers.add(() => {}, options)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option }),
    );
    expect(observers.isEmpty).toBe(true);
  });
});
