import type { Artifact, ReadOptions } from "../../artifact/artifact.ts";
import { openArtifact } from "../../artifact/open-artifact.ts";
import type { LoadProgress } from "../../backend/backend.ts";
import { AbortedError } from "../../errors/aborted-error.ts";
import { IntegrityError } from "../../errors/integrity-error.ts";
import { hasErrorCode } from "../../errors/mlops-error.ts";
import type { TensorMap } from "../../tensor/tensor.ts";
import { assert, assertEqual, assertRejects, assertTensors, outcomeOf } from "./assertions.ts";
import type { ConformanceContext } from "./conformance-context.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { rowsOfThree } from "./inputs.ts";

const models = ["identity-float32"] as const;
/** Made anew for each test: a backend that writes into its inputs fails that test only. */
const inputs = (): TensorMap => rowsOfThree(1, 2, 3);
const outputs = (): TensorMap => ({ y: inputs()["x"]! });

/** How models are loaded, and refused. */
export const loadTests = (): readonly ConformanceTest[] => [
  {
    name: "load: is a backend of specification v1 with a name",
    models: [],
    async run({ backend }) {
      assertEqual(backend.specificationVersion, "v1", "backend.specificationVersion");
      assert(typeof backend.name === "string" && backend.name !== "", "backend.name is no text, or empty");
    },
  },
  {
    name: "load: takes a model from its artifact and runs it",
    models,
    async run(context) {
      const session = await context.load("identity-float32");
      assertTensors(await session.doRun(inputs(), {}), outputs(), "outputs");
    },
  },
  {
    name: "load: takes a model from a URL",
    models,
    async run(context) {
      const bytes = await context.artifact("identity-float32").read();
      const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
      const artifact = openArtifact(`data:application/octet-stream;base64,${btoa(text)}`);
      const session = await context.loadArtifact(artifact);
      assertTensors(await session.doRun(inputs(), {}), outputs(), "outputs");
    },
  },
  {
    name: "load: takes bytes that lie within larger memory",
    models,
    async run(context) {
      const bytes = await context.artifact("identity-float32").read();
      const memory = new Uint8Array(bytes.length + 14).fill(0xa5);
      memory.set(bytes, 7);
      const session = await context.loadArtifact(openArtifact(memory.subarray(7, 7 + bytes.length)));
      assertTensors(await session.doRun(inputs(), {}), outputs(), "outputs");
    },
  },
  {
    name: "load: leaves the bytes of the artifact as they are",
    models,
    async run(context) {
      const bytes = (await context.artifact("identity-float32").read()).slice();
      const copy = bytes.slice();
      const session = await context.loadArtifact(openArtifact(bytes));
      await session.doRun(inputs(), {});
      assert(
        bytes.length === copy.length && bytes.every((byte, index) => byte === copy[index]),
        "the artifact's bytes changed; they are the caller's",
      );
    },
  },
  {
    name: "load: tells how far it has come",
    models,
    async run(context) {
      const artifact = context.artifact("identity-float32");
      const events: LoadProgress[] = [];
      await context.loadArtifact(artifact, { onProgress: (event) => events.push(event) });
      const phases = events.map(({ phase }) => phase);
      assert(phases.includes("reading"), "onProgress was never called with the phase reading");
      assertEqual(phases.toSorted().toReversed(), phases, "the order of the phases");
      let loadedBytes = 0;
      for (const event of events) {
        assert(
          typeof event.location === "string" && event.location !== "",
          "an event of onProgress has no location",
        );
        if (event.phase !== "reading") continue;
        const { totalBytes = Infinity } = event;
        assert(event.loadedBytes <= totalBytes, `loadedBytes ${event.loadedBytes} is over ${totalBytes}`);
        assert(
          event.location !== artifact.location || event.loadedBytes >= loadedBytes,
          "loadedBytes shrank",
        );
        if (event.location === artifact.location) loadedBytes = event.loadedBytes;
      }
    },
  },
  refusal("load: refuses no bytes", async () => new Uint8Array()),
  refusal("load: refuses text that is no model", async () =>
    new TextEncoder().encode("<html>404 not found</html>"),
  ),
  refusal("load: refuses half a model", async (context) => {
    const bytes = await context.artifact("identity-float32").read();
    return bytes.slice(0, Math.floor(bytes.length / 2));
  }),
  {
    name: "load: passes the error of a failed read on",
    models: [],
    async run(context) {
      const failure = new IntegrityError({
        location: "model",
        property: "sizeBytes",
        expected: 2,
        actual: 1,
      });
      const artifact = artifactOf(() => Promise.reject(failure));
      await assertRejects(
        context.loadArtifact(artifact),
        "INTEGRITY_MISMATCH",
        "loading what reading refused",
      );
    },
  },
  {
    name: "load: does not begin when its signal is aborted",
    models,
    async run(context) {
      const signal = AbortSignal.abort(new Error("given up before"));
      await assertAborted(context, context.artifact("identity-float32"), signal, () => {});
    },
  },
  {
    name: "load: stops reading when its signal is aborted",
    models,
    async run(context) {
      const controller = new AbortController();
      const bytes = await context.artifact("identity-float32").read();
      let isStopped = false;
      let beginReading = (): void => {};
      const reading = new Promise<void>((resolve) => (beginReading = resolve));
      // Whoever does not pass the signal on reads to the end.
      const artifact = artifactOf(
        ({ signal } = {}) =>
          new Promise((resolve, reject) => {
            signal?.addEventListener("abort", () => {
              isStopped = true;
              reject(new AbortedError({ stage: "loading", cause: signal.reason }));
            });
            if (signal === undefined) resolve(bytes);
            beginReading();
          }),
      );
      await assertAborted(context, artifact, controller.signal, async () => {
        await reading;
        controller.abort(new Error("given up during"));
      });
      assert(isStopped, "the artifact was not told to stop; pass the signal on to artifact.read()");
    },
  },
  {
    name: "load: loads after loads that failed or were aborted",
    models,
    async run(context) {
      await outcomeOf(context.loadArtifact(openArtifact(new Uint8Array([1, 2, 3]))));
      await outcomeOf(context.load("identity-float32", { signal: AbortSignal.abort() }));
      const session = await context.load("identity-float32");
      assertTensors(await session.doRun(inputs(), {}), outputs(), "outputs");
    },
  },
  {
    name: "load: keeps models that are loaded side by side apart",
    models: ["identity-float32", "two-outputs"],
    async run(context) {
      const [first, second, other] = await Promise.all([
        context.load("identity-float32"),
        context.load("identity-float32"),
        context.load("two-outputs"),
      ]);
      await first.release();
      assertTensors(await second.doRun(inputs(), {}), outputs(), "outputs of the second session");
      const expected = { negative: rowsOfThree(-1, -2, -3)["x"]!, double: rowsOfThree(2, 4, 6)["x"]! };
      assertTensors(await other.doRun(inputs(), {}), expected, "outputs of the other model");
    },
  },
];

function refusal(
  name: string,
  bytesOf: (context: ConformanceContext) => Promise<Uint8Array>,
): ConformanceTest {
  return {
    name,
    models: name.includes("half") ? models : [],
    async run(context) {
      const artifact = openArtifact(await bytesOf(context));
      const error = await assertRejects(context.loadArtifact(artifact), "MODEL_LOAD_FAILED", "loading it");
      assertEqual(Reflect.get(error, "location"), artifact.location, "the error's location");
    },
  };
}

async function assertAborted(
  context: ConformanceContext,
  artifact: Artifact,
  signal: AbortSignal,
  during: () => void | Promise<void>,
): Promise<void> {
  const loading = outcomeOf(context.loadArtifact(artifact, { signal }));
  await during();
  const outcome = await loading;
  assert("error" in outcome, "the load went on, and has to fail with ABORTED or the signal's reason");
  assert(
    hasErrorCode(outcome.error, "ABORTED") || outcome.error === signal.reason,
    `the load failed with ${String(outcome.error)}, and has to fail with ABORTED or the signal's reason`,
  );
}

function artifactOf(read: (options?: ReadOptions) => Promise<Uint8Array>): Artifact {
  const artifact: Artifact = { location: "conformance-model", read, sibling: () => artifact };
  return artifact;
}
