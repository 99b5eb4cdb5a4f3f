import { describe, expect, test } from "vitest";
import { z } from "zod";

import { defineModel } from "../model/define-model.ts";
import { rows, setUpFake, setUpTensors, valuesOfY } from "./fake-backend.fixtures.ts";
import { settled } from "./fake-environment.fixtures.ts";

describe("close()", () => {
  test.each([
    [false, [[1], [2], [3]]],
    [{}, [[1, 2, 3]]],
    [{ maxBatchSize: 2 }, [[1, 2], [3]]],
  ] as const)(
    "answers what it has taken, refuses what comes, and frees the model after both; batching %j",
    async (batching, runs) => {
      const { predictor, predictTensors, session } = await setUpTensors({ hold: true, batching });
      const taken = [1, 2, 3].map((value) => predictTensors(rows(value)));
      const closing = predictor.close();
      expect(predictor.health().status).toBe("closing");

      await expect(predictTensors(rows(3))).rejects.toMatchObject({ code: "CLOSED", model: "doubling" });
      await expect(predictor.predict(rows(3))).rejects.toMatchObject({ code: "CLOSED" });
      for (const _ of runs) {
        await settled();
        expect(session.releaseCount).toBe(0);
        session.heldRuns[0]!.finish();
      }
      expect((await Promise.all(taken)).map(valuesOfY)).toEqual([[2], [4], [6]]);
      expect(session.runs.map(({ values }) => values)).toEqual(runs);

      await closing;
      expect(session.releaseCount).toBe(1);
      expect(session.violations).toEqual([]);
      expect(predictor.health()).toMatchObject({ status: "closed", queued: 0, running: 0 });
      await expect(predictTensors(rows(4))).rejects.toMatchObject({ code: "CLOSED" });
    },
  );

  test("of an idle predictor frees the model", async () => {
    const { predictor, session } = await setUpTensors();
    await predictor.close();
    expect(session.releaseCount).toBe(1);
  });

  test("a second and a third time waits for the first, and frees the model once", async () => {
    const { predictor, predictTensors, session } = await setUpTensors({ hold: true });
    const answer = predictTensors(rows(1));
    const ends: string[] = [];
    const closings = ["a", "b"].map((name) => predictor.close().then(() => ends.push(name)));
    await settled();
    expect(ends).toEqual([]);
    session.heldRuns[0]!.finish();
    await answer;
    await Promise.all(closings);
    await predictor.close();
    expect(session.releaseCount).toBe(1);
  });

  test.each(["abort", "deadline"])("waits for a run whose caller has given up by %s", async (how) => {
    const { predictor, predictTensors, session, environment } = await setUpTensors({ hold: true });
    const controller = new AbortController();
    const answer = predictTensors(rows(1), { signal: controller.signal, deadline: environment.now() + 10 });
    await settled();
    if (how === "abort") controller.abort();
    else environment.advance(10);
    await expect(answer).rejects.toMatchObject({ stage: "running" });
    const closing = predictor.close();
    await settled();
    expect(session.releaseCount).toBe(0);
    session.heldRuns[0]!.finish();
    await closing;
    expect(session.violations).toEqual([]);
  });

  test("does not wait for a queue that has emptied by giving up", async () => {
    const { predictor, predictTensors, session } = await setUpTensors({ hold: true });
    const controller = new AbortController();
    const running = predictTensors(rows(1));
    await settled();
    const queued = predictTensors(rows(2), { signal: controller.signal });
    const closing = predictor.close();
    session.heldRuns[0]!.finish();
    controller.abort();
    await expect(queued).rejects.toMatchObject({ code: "ABORTED" });
    await running;
    await closing;
    expect(session.runs).toHaveLength(1);
  });

  test("waits for a request that is still being encoded, or already decoded", async () => {
    const stages: string[] = [];
    let goOn = (): void => {};
    const pause = async (stage: string): Promise<void> => {
      stages.push(stage);
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    };
    const model = defineModel({
      name: "slow",
      version: "1",
      artifact: "model.fake",
      input: z.number(),
      encode: async (value) => {
        await pause("encode");
        return rows(value);
      },
      decode: async (outputs) => {
        await pause("decode");
        return valuesOfY(outputs)[0];
      },
    });
    const { predictor, session } = await setUpFake(model);
    const answer = predictor.predict(21);
    const closing = predictor.close();
    for (const stage of ["encode", "decode"]) {
      await settled();
      expect(stages.at(-1)).toBe(stage);
      expect(session.releaseCount).toBe(0);
      goOn();
    }
    expect(await answer).toBe(42);
    await closing;
    expect(session.releaseCount).toBe(1);
  });

  test("tells of a model that could not be freed, and is closed all the same", async () => {
    const { predictor, session } = await setUpTensors();
    session.release = () => Promise.reject(new Error("device lost"));
    await expect(predictor.close()).rejects.toThrow("device lost");
    await expect(predictor.close()).rejects.toThrow("device lost");
    expect(predictor.health().status).toBe("closed");
  });

  test("comes by itself at the end of an `await using` block", async () => {
    const { predictor, session } = await setUpTensors();
    {
      await using held = predictor;
      expect(valuesOfY(await held.predict(rows(1)))).toEqual([2]);
    }
    expect(session.releaseCount).toBe(1);
  });
});
