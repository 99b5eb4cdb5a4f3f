import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { rows, setUpTensors, valuesOfY } from "./fake-backend.fixtures.ts";
import { settled } from "./fake-environment.fixtures.ts";
import type { PredictionEvent } from "./prediction-event.ts";

describe("an observer", () => {
  const unhandled: unknown[] = [];
  const remember = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => void process.on("unhandledRejection", remember));
  afterEach(() => void process.off("unhandledRejection", remember));

  test("hears of a request only after its caller has the answer", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    const order: string[] = [];
    predictor.observe(() => order.push("observer"));
    await predictTensors(rows(1)).then(() => order.push("caller"));
    await settled();
    expect(order).toEqual(["caller"]);
    environment.runDeferred();
    expect(order).toEqual(["caller", "observer"]);
  });

  test("hears of the requests in the order of their answers, each after the other observers of it", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    const heard: unknown[] = [];
    const valueOf = (event: PredictionEvent): string => String(event.inputTensors?.["x"]?.data[0]);
    predictor.observe((event) => heard.push(`a${valueOf(event)}`));
    predictor.observe((event) => heard.push(`b${valueOf(event)}`));
    for (const value of [1, 2, 3]) await predictTensors(rows(value));
    environment.runDeferred();
    expect(heard).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
  });

  test("that throws or rejects is counted, and harms nobody", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    let heard = 0;
    predictor.observe(() => {
      throw new Error("thrown by an observer");
    });
    const asynchronous = async (): Promise<void> => {
      await Promise.resolve();
      throw new Error("rejected by an observer");
    };
    predictor.observe(asynchronous);
    predictor.observe(() => {
      heard += 1;
    });
    for (const value of [1, 2]) expect(valuesOfY(await predictTensors(rows(value)))).toEqual([2 * value]);
    environment.runDeferred();
    await settled();
    expect(heard).toBe(2);
    expect(predictor.health()).toMatchObject({ status: "ready", observerErrors: 4 });
    expect(predictor.health().observers).toEqual([
      { name: "unnamed", observing: 2, pending: 0, errors: 2, drops: 0 },
      { name: "asynchronous", observing: 1, pending: 0, errors: 2, drops: 0 },
    ]);
    expect(unhandled).toEqual([]);
  });

  test("that has ended its observation hears no more, not even of what was answered before", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    const heard: string[] = [];
    const observer = (name: string) => () => void heard.push(name);
    const endFirst = predictor.observe(observer("first"));
    predictor.observe(observer("second"));
    await predictTensors(rows(1));
    endFirst();
    endFirst();
    environment.runDeferred();
    expect(heard).toEqual(["second"]);
  });

  test("that another one ends in the middle of a round hears no more", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    let heard = 0;
    predictor.observe(() => endOther());
    const endOther = predictor.observe(() => {
      heard += 1;
    });
    await predictTensors(rows(1));
    environment.runDeferred();
    expect(heard).toBe(0);
  });

  test("that observes twice hears twice, and ends each by itself", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    let heard = 0;
    const observer = (): void => {
      heard += 1;
    };
    const endOne = predictor.observe(observer);
    predictor.observe(observer);
    await predictTensors(rows(1));
    environment.runDeferred();
    expect(heard).toBe(2);
    endOne();
    await predictTensors(rows(1));
    environment.runDeferred();
    expect(heard).toBe(3);
  });

  test("may make a request, and hears of that too", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    const heard: unknown[] = [];
    predictor.observe((event) => {
      heard.push(event.inputTensors?.["x"]?.data[0]);
      if (heard.length === 1) void predictTensors(rows(2));
    });
    await predictTensors(rows(1));
    environment.runDeferred();
    await settled();
    environment.runDeferred();
    expect(heard).toEqual([1, 2]);
  });

  test("that comes while others are being told does not make the round endless", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    let added = 0;
    const addAnother = (): void => {
      added += 1;
      if (added < 100) predictor.observe(addAnother);
    };
    predictor.observe(addAnother);
    await predictTensors(rows(1));
    environment.runDeferred();
    expect(added).toBe(1);
  });
});
