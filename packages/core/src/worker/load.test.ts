import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Artifact } from "../artifact/artifact.ts";
import { openArtifact } from "../artifact/open-artifact.ts";
import { makeTemporaryFolder } from "../artifact/temporary-folder.fixtures.ts";
import type { LoadProgress } from "../backend/backend.ts";
import { errorOf, fakeArtifact, isolations, order, startFakeWorker, until } from "./worker.fixtures.ts";

describe.each(isolations)("loading in a worker %s", (isolation) => {
  test("leaves an artifact its bytes", async () => {
    await using worker = await startFakeWorker({ isolation });
    const bytes = Buffer.from([0, 1, 2, 3]).subarray(1);
    const artifact = openArtifact(bytes);
    for (let load = 0; load < 2; load += 1) {
      expect(await worker.load(artifact, {})).toHaveProperty("device", "fake of 1 2 3");
    }
    expect([...bytes]).toEqual([1, 2, 3]);
  });

  test("reads files, and those beside them", async () => {
    await using folder = await makeTemporaryFolder();
    const main = await folder.write("model.json", Uint8Array.of(1));
    await folder.write("weights/a.bin", Uint8Array.of(2, 3));
    await folder.write("weights/b.bin", new Uint8Array(0));
    await using worker = await startFakeWorker({ isolation, load: "siblings" });
    const progress: LoadProgress[] = [];
    const session = await worker.load(openArtifact(main), { onProgress: (step) => progress.push(step) });
    expect(session.device).toBe("fake of 1, 2 3, ");
    expect(progress).toEqual([
      { phase: "reading", location: main, loadedBytes: 1, totalBytes: 1 },
      { phase: "reading", location: main, loadedBytes: 2, totalBytes: 2 },
      { phase: "preparing", location: main },
    ]);
  });

  test("fails as the reading fails: missing, damaged, impossible, foreign", async () => {
    await using folder = await makeTemporaryFolder();
    await using worker = await startFakeWorker({ isolation, load: "siblings" });
    const location = join(folder.path, "missing.bin");
    expect(await errorOf(worker.load(openArtifact(location), {}))).toMatchObject({
      name: "ModelLoadError",
      location,
      problem: "there is no such file",
      cause: { message: expect.stringContaining("ENOENT") },
    });
    const damaged = openArtifact(Uint8Array.of(1), { sha256: "0".repeat(64) });
    expect(await errorOf(worker.load(damaged, {}))).toMatchObject({
      name: "IntegrityError",
      property: "sha256",
      expected: "0".repeat(64),
      location: "<bytes>",
    });
    expect(await errorOf(worker.load(fakeArtifact, {}))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: 'it refers to another file, "weights/a.bin", which cannot lie beside it',
    });
    const foreign: Artifact = {
      location: "elsewhere",
      read: () => Promise.reject(new TypeError("no network")),
      sibling: () => foreign,
    };
    expect(await errorOf(worker.load(foreign, {}))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location: "elsewhere",
      problem: "no network",
      cause: { name: "TypeError" },
    });
  });

  test("fails as the backend fails there", async () => {
    await using worker = await startFakeWorker({ isolation, load: "throw" });
    expect(await errorOf(worker.load(fakeArtifact, {}))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location: "<bytes>",
      problem: "no such model",
      cause: { name: "RangeError", message: "no such model." },
    });
  });

  test("fails when the session cannot be described, and frees it", async () => {
    await using folder = await makeTemporaryFolder();
    const logFile = await folder.write("log", "");
    await using worker = await startFakeWorker({ isolation, load: "unsendable", logFile });
    expect(await errorOf(worker.load(fakeArtifact, {}))).toMatchObject({ code: "MODEL_LOAD_FAILED" });
    expect([...(await openArtifact(logFile).read())]).toEqual([...Buffer.from("released\n")]);
  });

  test("stops reading when the caller gives up", async () => {
    await using worker = await startFakeWorker({ isolation });
    const controller = new AbortController();
    let readSignal: AbortSignal | undefined;
    const artifact: Artifact = {
      location: "slow",
      read: ({ signal } = {}) =>
        new Promise((_resolve, reject) => {
          readSignal = signal!;
          signal!.addEventListener("abort", () => reject(signal!.reason as Error));
        }),
      sibling: () => artifact,
    };
    const loading = errorOf(worker.load(artifact, { signal: controller.signal }));
    await until(() => readSignal !== undefined);
    controller.abort("enough");
    expect(await loading).toMatchObject({ code: "ABORTED", stage: "loading", cause: "enough" });
    expect(readSignal!.aborted).toBe(true);
    const early = errorOf(worker.load(artifact, { signal: controller.signal }));
    expect(await early).toMatchObject({ code: "ABORTED", stage: "loading", cause: "enough" });
  });

  test("fails with what a progress callback throws, and frees the session", async () => {
    await using folder = await makeTemporaryFolder();
    const logFile = await folder.write("log", "");
    await using worker = await startFakeWorker({ isolation, logFile });
    const thrown = new Error("no more");
    const loading = worker.load(fakeArtifact, {
      onProgress({ phase }) {
        if (phase === "preparing") throw thrown;
      },
    });
    expect(await errorOf(loading)).toBe(thrown);
    expect([...(await openArtifact(logFile).read())]).toEqual([...Buffer.from("released\n")]);
  });

  test("keeps several models, each with its own answers", async () => {
    await using worker = await startFakeWorker({ isolation });
    const sessions = await Promise.all(
      [1, 2, 3].map((byte) => worker.load(openArtifact(Uint8Array.of(byte)), {})),
    );
    expect(sessions.map(({ device }) => device)).toEqual(["fake of 1", "fake of 2", "fake of 3"]);
    await sessions[1]!.release();
    expect(await sessions[0]!.doRun(order("echo"), {})).toEqual({});
    expect(await errorOf(sessions[1]!.doRun(order("echo"), {}))).toMatchObject({ code: "BACKEND_FAILED" });
  });
});
