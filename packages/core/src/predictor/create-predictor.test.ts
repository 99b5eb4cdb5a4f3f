import { describe, expect, test } from "vitest";

import type { Backend } from "../backend/backend.ts";
import { defineModel } from "../model/define-model.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { Model } from "../model/model.ts";
import { createPredictor } from "./create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession, rows, valuesOfY } from "./fake-backend.fixtures.ts";

describe("createPredictor()", () => {
  test("tells what stands behind the predictor", async () => {
    const warning = { type: "other", message: "no GPU" } as const;
    const session = Object.assign(new FakeSession(), { warnings: [warning] });
    const card = { description: "Doubles." };
    const model = defineModel({
      name: "doubling",
      version: "1",
      artifact: "model.fake",
      labels: ["a"],
      card,
    });
    const { info } = await createPredictor({ model, backend: fakeBackend(session) });
    expect(info).toEqual({
      model: "doubling",
      version: "1",
      backend: "fake",
      device: "fake device",
      execution: "inline",
      signature: { inputs: session.inputs, outputs: session.outputs },
      labels: ["a"],
      card,
      warnings: [warning],
    });
    expect(Object.isFrozen(info)).toBe(true);
  });

  test("answers on the host's own clock, too", async () => {
    await using predictor = await createPredictor({
      model: fakeModel,
      backend: fakeBackend(new FakeSession()),
    });
    expect(valuesOfY(await predictor.predict(rows(21), { deadline: Date.now() + 60_000 }))).toEqual([42]);
    await expect(predictor.predict(rows(21), { deadline: Date.now() - 60_000 })).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
    });
  });

  test("hands the backend the artifact, the signal and the progress", async () => {
    const { signal } = new AbortController();
    const progress: unknown[] = [];
    const backend = fakeBackend(async (artifact, options) => {
      expect(options.signal).toBe(signal);
      options.onProgress?.({ phase: "preparing", location: artifact.location });
      return new FakeSession();
    });
    await createPredictor({ model: fakeModel, backend, signal, onProgress: (event) => progress.push(event) });
    expect(progress).toEqual(["preparing", "warming-up"].map((phase) => ({ phase, location: "model.fake" })));
  });

  test("hands the backend bytes that are checked against the model's hash", async () => {
    const model = defineModel({
      name: "a",
      version: "1",
      artifact: Uint8Array.of(1),
      sha256: "0".repeat(64),
    });
    const backend = fakeBackend(async (artifact) => {
      await artifact.read();
      return new FakeSession();
    });
    await expect(createPredictor({ model, backend })).rejects.toMatchObject({ code: "INTEGRITY_MISMATCH" });
  });

  test("passes a typed error of the backend on, and wraps any other", async () => {
    const typed = new ModelLoadError({ location: "here", problem: "it is no model" });
    const rejecting = (cause: unknown): Backend => fakeBackend(() => Promise.reject(cause as Error));
    await expect(createPredictor({ model: fakeModel, backend: rejecting(typed) })).rejects.toBe(typed);
    for (const cause of [new Error("bad magic"), "bad magic"]) {
      await expect(createPredictor({ model: fakeModel, backend: rejecting(cause) })).rejects.toMatchObject({
        code: "MODEL_LOAD_FAILED",
        location: "model.fake",
        problem: "bad magic",
        cause,
      });
    }
    const throwing: Backend = {
      ...rejecting(undefined),
      load() {
        throw new Error("at once");
      },
    };
    await expect(createPredictor({ model: fakeModel, backend: throwing })).rejects.toMatchObject({
      problem: "at once",
    });
  });

  test.each<[option: string, change: object]>([
    ["backend", { backend: undefined }],
    ["backend", { backend: { ...fakeBackend(new FakeSession()), specificationVersion: "v2" } }],
    ["backend", { backend: { ...fakeBackend(new FakeSession()), specificationVersion: undefined } }],
    ["model", { model: undefined }],
    ["model", { model: { name: "a", version: "1", artifact: "x" } }],
    ["artifact", { model: { ...fakeModel, artifact: undefined } }],
    ["sha256", { model: { ...fakeModel, sha256: "abc" } }],
  ])("refuses a %s that is none: %o", async (option, change) => {
    const options = { model: fakeModel, backend: fakeBackend(new FakeSession()), ...change };
    await expect(createPredictor(options as { model: Model; backend: Backend })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option,
    });
  });
});

describe("an abort", () => {
  test("before the loading starts none", async () => {
    let loads = 0;
    const backend = fakeBackend(() => {
      loads += 1;
      return new FakeSession();
    });
    await expect(
      createPredictor({ model: fakeModel, backend, signal: AbortSignal.abort("enough") }),
    ).rejects.toMatchObject({ code: "ABORTED", stage: "loading", cause: "enough" });
    expect(loads).toBe(0);
  });

  test("while the backend loads frees the session that it makes all the same", async () => {
    const controller = new AbortController();
    const session = new FakeSession();
    const backend = fakeBackend(() => {
      controller.abort("enough");
      return session;
    });
    await expect(
      createPredictor({ model: fakeModel, backend, signal: controller.signal }),
    ).rejects.toMatchObject({
      code: "ABORTED",
      stage: "loading",
      cause: "enough",
    });
    expect(session.releaseCount).toBe(1);
  });

  test("that the backend heeds is an abort, whatever it rejects with", async () => {
    const controller = new AbortController();
    const reason = new Error("not any more");
    const backend = fakeBackend((_, { signal }) => {
      controller.abort(reason);
      signal!.throwIfAborted();
      return new FakeSession();
    });
    await expect(
      createPredictor({ model: fakeModel, backend, signal: controller.signal }),
    ).rejects.toMatchObject({
      code: "ABORTED",
      cause: reason,
    });
  });

  test("after the loading leaves the predictor alone", async () => {
    const controller = new AbortController();
    const session = new FakeSession();
    const predictor = await createPredictor({
      model: fakeModel,
      backend: fakeBackend(session),
      signal: controller.signal,
    });
    controller.abort();
    expect(valuesOfY(await predictor.predict(rows(1)))).toEqual([2]);
    expect(session.releaseCount).toBe(0);
  });
});
