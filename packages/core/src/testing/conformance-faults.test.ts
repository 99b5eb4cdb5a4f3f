import { expect, test } from "vitest";

import type { Artifact } from "../artifact/artifact.ts";
import type { Backend } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { BackendError } from "../errors/backend-error.ts";
import { dtypes } from "../tensor/dtype.ts";
import { tensor, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import type { TensorInfo } from "../tensor/tensor-info.ts";
import { checkBackend } from "./check-backend.ts";
import { conformanceModels } from "./conformance/conformance-models.ts";
import { conformanceTests } from "./conformance/conformance-tests.ts";
import { planConformance } from "./conformance/plan-conformance.ts";
import { fakeArtifact } from "./fake-artifact.ts";
import { fakeBackend } from "./fake-backend.ts";
import { type BackendChange, wrapBackend } from "./wrap-backend.ts";

const good = (): Backend => fakeBackend({ models: conformanceModels });

/** Each with one thing wrong that real runtimes get wrong. */
type Fault = readonly [what: string, test: string, make: () => Backend];

const changed = (change: BackendChange): Backend => wrapBackend(good(), change);
const floats = (value: Tensor | undefined): Float32Array => value!.data as Float32Array;
const withOutputs = (
  change: (outputs: TensorMap, inputs: TensorMap, session: Session) => TensorMap,
): Backend =>
  changed({
    doRun: async (session, inputs, options) => change(await session.doRun(inputs, options), inputs, session),
  });
const withShapes = (change: (shape: TensorInfo["shape"]) => TensorInfo["shape"]): Backend => {
  const describe = ({ inputs, outputs }: Session): Partial<Session> => ({
    inputs: inputs.map((info) => ({ ...info, shape: change(info.shape) })),
    outputs: outputs.map((info) => ({ ...info, shape: change(info.shape) })),
  });
  return changed({ describe });
};
const replaced = (outputs: TensorMap, change: (output: Tensor) => Tensor): TensorMap =>
  Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, change(output)]));
const withoutSignal = (artifact: Artifact): Artifact => ({
  location: artifact.location,
  read: () => artifact.read(),
  sibling: (path) => artifact.sibling(path),
});

const faults: readonly Fault[] = [
  // Loading
  [
    "has no name",
    "load: is a backend of specification v1 with a name",
    () => ({
      ...good(),
      load: () => Promise.reject(new Error("none")),
      specificationVersion: "v1",
      name: "",
    }),
  ],
  [
    "loads anything",
    "load: refuses half a model",
    () => changed({ load: (backend) => backend.load(artifactNamed("identity-float32"), {}) }),
  ],
  [
    "fails to load by a plain error",
    "load: refuses text that is no model",
    () =>
      changed({
        load: (backend, artifact, options) =>
          backend.load(artifact, options).catch((error: unknown) => {
            throw new Error("bad model", { cause: error });
          }),
      }),
  ],
  [
    "makes a failed read a failed load",
    "load: passes the error of a failed read on",
    () =>
      changed({
        load: (backend, artifact, options) => {
          const read = (): Promise<Uint8Array> =>
            artifact.read().catch(() => new TextEncoder().encode("nothing"));
          return backend.load({ ...withoutSignal(artifact), read }, options);
        },
      }),
  ],
  [
    "drops the signal of a load",
    "load: stops reading when its signal is aborted",
    () => changed({ load: (backend, artifact) => backend.load(withoutSignal(artifact), {}) }),
  ],
  [
    "heeds the signal of a load only once it has read",
    "load: stops reading when its signal is aborted",
    () => changed({ load: (backend, artifact, options) => backend.load(withoutSignal(artifact), options) }),
  ],
  [
    "ignores an aborted signal",
    "load: does not begin when its signal is aborted",
    () => changed({ load: (backend, artifact) => backend.load(artifact, {}) }),
  ],
  [
    "tells no progress",
    "load: tells how far it has come",
    () => changed({ load: (backend, artifact, { signal }) => backend.load(artifact, { signal }) }),
  ],
  [
    "writes into the bytes of the artifact",
    "load: leaves the bytes of the artifact as they are",
    () =>
      changed({
        async load(backend, artifact, options) {
          const session = await backend.load(artifact, options);
          (await artifact.read()).fill(0);
          return session;
        },
      }),
  ],
  [
    "reads the whole of the memory that the bytes lie in",
    "load: takes bytes that lie within larger memory",
    () =>
      changed({
        load: (backend, artifact, options) => {
          const read = async (): Promise<Uint8Array> => new Uint8Array((await artifact.read()).buffer);
          return backend.load({ ...withoutSignal(artifact), read }, options);
        },
      }),
  ],
  [
    "gives the same session to everybody",
    "load: keeps models that are loaded side by side apart",
    () => {
      const sessions = new Map<string, Promise<Session>>();
      return changed({
        async load(backend, artifact, options) {
          const key = String(await artifact.read());
          const session = sessions.get(key) ?? backend.load(artifact, options);
          sessions.set(key, session);
          return session;
        },
      });
    },
  ],
  [
    "never comes out of a load that follows a failed one",
    "load: loads after loads that failed or were aborted",
    () => {
      let hasFailed = false;
      return changed({
        load(backend, artifact, options) {
          if (hasFailed) return new Promise(() => {});
          return backend.load(artifact, options).catch((error: unknown) => {
            hasFailed = true;
            throw error;
          });
        },
      });
    },
  ],

  // Metadata
  [
    "tells an unknown shape as []",
    "metadata: tells an unknown shape as undefined, never as []",
    () => withShapes((shape) => shape ?? []),
  ],
  [
    "tells a scalar as an unknown shape",
    "metadata: tells the shape of a scalar as []",
    () => withShapes((shape) => (shape?.length === 0 ? undefined : shape)),
  ],
  [
    "tells a scalar as [1]",
    "metadata: tells the shape of a scalar as []",
    () => withShapes((shape) => (shape?.length === 0 ? [1] : shape)),
  ],
  [
    "tells a varying size as -1",
    "metadata: tells fixed sizes as numbers, and varying ones as names or null",
    () => withShapes((shape) => shape?.map((size) => (typeof size === "number" ? size : -1))),
  ],
  [
    "tells a varying size as an empty name",
    "metadata: tells fixed sizes as numbers, and varying ones as names or null",
    () => withShapes((shape) => shape?.map((size) => (typeof size === "number" ? size : ""))),
  ],
  [
    "sorts the names of the outputs",
    "metadata: names inputs and outputs in the model's order",
    () =>
      changed({
        describe: ({ outputs }) => ({ outputs: outputs.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }),
      }),
  ],
  [
    "knows no limit of a fixed batch size",
    "metadata: tells a fixed batch size as maxBatchSize",
    () => changed({ describe: () => ({ maxBatchSize: Infinity }) }),
  ],
  [
    "declares no precision",
    "metadata: declares limits as data",
    () => changed({ describe: () => ({ precision: { relative: Number.NaN, absolute: 0 } }) }),
  ],

  [
    "tells a fixed batch size as one that varies",
    "metadata: tells a fixed batch size as a number",
    () => withShapes((shape) => shape?.map((size, axis) => (axis === 0 ? "batch" : size))),
  ],
  [
    "forgets its metadata at the release",
    "metadata: stays as it is over runs and the release",
    () => {
      const backend = good();
      return {
        specificationVersion: "v1",
        name: "forgetful",
        async load(artifact, options) {
          const session = await backend.load(artifact, options);
          let device: string | undefined = session.device;
          return {
            ...session,
            get device() {
              return device ?? "";
            },
            doRun: (inputs, runOptions) => session.doRun(inputs, runOptions),
            async release() {
              device = undefined;
            },
          };
        },
      };
    },
  ],

  // Runs
  [
    "takes int64 as numbers",
    "run: takes and gives int64",
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) =>
          output.dtype === "int64"
            ? { ...output, data: output.data.map((value) => BigInt(Number(value))) }
            : output,
        ),
      ),
  ],
  [
    "gives bool as a byte of 255",
    "run: takes and gives bool",
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) =>
          output.dtype === "bool" ? { ...output, data: output.data.map((value) => value * 255) } : output,
        ),
      ),
  ],
  [
    "cuts text at a NUL and beyond the first plane",
    "run: takes and gives string",
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) =>
          output.dtype === "string"
            ? { ...output, data: output.data.map((text) => text.slice(0, 1)) }
            : output,
        ),
      ),
  ],
  [
    "turns NaN into 0",
    "run: takes and gives float32",
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) =>
          output.dtype === "float32" ? { ...output, data: output.data.map((value) => value || 0) } : output,
        ),
      ),
  ],
  [
    "is less precise than it says",
    "run: gives what exact arithmetic gives, within its precision",
    () => ({
      ...withOutputs((outputs) =>
        replaced(outputs, (output) =>
          output.dtype === "float32"
            ? { ...output, data: output.data.map((value) => value * 1.001) }
            : output,
        ),
      ),
    }),
  ],
  [
    "takes inputs by position",
    "run: takes inputs by name, in any order",
    () =>
      changed({
        doRun(session, inputs, options) {
          const values = Object.values(inputs);
          const isAddition = session.inputs.length === 2 && values.every(({ shape }) => shape.length === 2);
          if (!isAddition) return session.doRun(inputs, options);
          const [first] = Object.keys(inputs);
          return session.doRun(first === "a" ? inputs : { a: values[0]!, b: values[0]! }, options);
        },
      }),
  ],
  [
    "gives every output whatever was asked for",
    "run: gives the outputs that were asked for, and all by default",
    () => changed({ doRun: (session, inputs) => session.doRun(inputs, {}) }),
  ],
  [
    "gives a scalar as [1]",
    "run: gives a scalar, of the shape []",
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) => (output.shape.length === 0 ? { ...output, shape: [1] } : output)),
      ),
  ],
  [
    "depends on what ran before",
    "run: gives the same for the same",
    () => {
      let drift = 0;
      return withOutputs(({ y }) => {
        drift += 1e-3;
        return {
          y: tensor(
            "float32",
            floats(y).map((value) => value + drift),
            y!.shape,
          ),
        };
      });
    },
  ],
  [
    "reads the whole of the memory that an input lies in",
    "run: takes inputs that lie within larger memory",
    () =>
      changed({
        doRun: (session, inputs, options) =>
          session.doRun(
            replaced(inputs, (input) =>
              input.dtype === "float32"
                ? { ...input, data: new Float32Array(input.data.buffer, 0, input.data.length) }
                : input,
            ),
            options,
          ),
      }),
  ],
  [
    "changes its inputs",
    "run: leaves its inputs as they are",
    () =>
      withOutputs((outputs, inputs) => {
        for (const input of Object.values(inputs)) if (input.dtype === "float32") input.data.reverse();
        return outputs;
      }),
  ],
  [
    "writes properties into its inputs",
    "run: takes inputs that are frozen",
    () =>
      changed({
        async doRun(session, inputs, options) {
          for (const input of Object.values(inputs)) Object.assign(input, { handle: 1 });
          return session.doRun(inputs, options);
        },
      }),
  ],
  [
    "hands its inputs out",
    "run: gives outputs in memory other than that of the inputs",
    () => withOutputs((outputs, { x }) => (outputs["y"] && x ? { ...outputs, y: x } : outputs)),
  ],
  [
    "uses the memory of an output again",
    "run: gives results that later runs leave alone",
    () => {
      const memory = new Float32Array(1024);
      return withOutputs((outputs) =>
        replaced(outputs, (output) => {
          if (output.dtype !== "float32") return output;
          memory.set(output.data);
          return { ...output, data: memory.subarray(0, output.data.length) };
        }),
      );
    },
  ],
  [
    "computes all outputs into the same memory",
    "run: gives each output memory of its own",
    () =>
      withOutputs((outputs) => {
        const { negative, double } = outputs;
        return negative && double
          ? { negative, double: tensor("float32", floats(negative), [2, 3]) }
          : outputs;
      }),
  ],
  [
    "frees its results with the session",
    "run: gives results that outlive the session",
    () => {
      const given = new Map<Session, Float32Array[]>();
      return changed({
        async doRun(session, inputs, options) {
          const outputs = await session.doRun(inputs, options);
          const arrays = Object.values(outputs)
            .filter(({ dtype }) => dtype === "float32")
            .map(floats);
          given.set(session, [...(given.get(session) ?? []), ...arrays]);
          return outputs;
        },
        async release(session) {
          for (const array of given.get(session) ?? []) array.fill(0);
          await session.release();
        },
      });
    },
  ],
  [
    "hands tensors of the runtime out",
    "run: gives plain tensors that can be cloned and sent",
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) => Object.assign({ ...output }, { dispose: () => {} })),
      ),
  ],

  // Batches
  [
    "lets the rows of a batch see each other",
    "batch: gives a row the same in any batch as alone, within its precision",
    () =>
      withOutputs((outputs, inputs, { inputs: [info] }) =>
        info?.shape?.[1] === 4
          ? replaced(outputs, (output) =>
              tensor(
                "float32",
                floats(output).map((value) => value * (1 + inputs["x"]!.shape[0]! * 1e-3)),
                output.shape,
              ),
            )
          : outputs,
      ),
  ],
  [
    "lets NaN spread over a batch",
    "batch: keeps a row's NaN out of the other rows",
    () =>
      withOutputs((outputs, _, { inputs: [info] }) =>
        replaced(outputs, (output) =>
          info?.shape?.[1] === 4 && floats(output).some(Number.isNaN)
            ? tensor(
                "float32",
                floats(output).map(() => Number.NaN),
                output.shape,
              )
            : output,
        ),
      ),
  ],
  [
    "says that runs may overlap, and mixes them up",
    "batch: keeps runs that overlap apart, where it supports them",
    () => {
      let latest: TensorMap;
      return changed({
        describe: () => ({ supportsParallelRuns: true }),
        async doRun(session, inputs, options) {
          latest = inputs;
          await Promise.resolve();
          return session.doRun(latest, options);
        },
      });
    },
  ],

  // Errors
  [
    "fails a run by a plain error",
    "error: fails a run by BACKEND_FAILED with the runtime's error as its cause",
    () =>
      changed({
        doRun: (session, inputs, options) =>
          session.doRun(inputs, options).catch(() => {
            throw new Error("out of range");
          }),
      }),
  ],
  [
    "loses the runtime's error",
    "error: fails a run by BACKEND_FAILED with the runtime's error as its cause",
    () =>
      changed({
        doRun: (session, inputs, options) =>
          session.doRun(inputs, options).catch(() => {
            throw new BackendError({ backend: "fake", problem: "it failed" });
          }),
      }),
  ],
  [
    "throws instead of rejecting",
    "error: rejects and does not throw",
    () =>
      changed({
        doRun(session, inputs, options) {
          const [first] = Object.values(inputs);
          if (first?.data[0] === 99) throw new BackendError({ backend: "fake", problem: "it failed" });
          return session.doRun(inputs, options);
        },
      }),
  ],
  [
    "is broken by a run that failed",
    "error: runs on after a run that failed",
    () => {
      const broken = new Set<Session>();
      return changed({
        doRun: (session, inputs, options) =>
          broken.has(session)
            ? new Promise(() => {})
            : session.doRun(inputs, options).catch((error: unknown) => {
                broken.add(session);
                throw error;
              }),
      });
    },
  ],

  // Aborting
  [
    "never settles a run that is given up",
    "abort: settles a run whose signal is aborted during it, and runs on",
    () =>
      changed({
        doRun: (session, inputs, options) =>
          new Promise((resolve, reject) => {
            session.doRun(inputs, options).then((outputs) => {
              if (!options.signal?.aborted) resolve(outputs);
            }, reject);
          }),
      }),
  ],
  [
    "gives a half-made result of a run that is given up",
    "abort: settles a run whose signal was aborted before, and runs on",
    () =>
      changed({
        async doRun(session, inputs, options) {
          const outputs = await session.doRun(inputs, options);
          return options.signal?.aborted
            ? replaced(outputs, (output) =>
                tensor(
                  "float32",
                  floats(output).map(() => 0),
                  output.shape,
                ),
              )
            : outputs;
        },
      }),
  ],
  [
    "fails a run that is given up by an untyped error of its own",
    "abort: settles a run whose signal was aborted before, and runs on",
    () =>
      changed({
        doRun: (session, inputs, options) =>
          options.signal?.aborted ? Promise.reject(new Error("cancelled")) : session.doRun(inputs, options),
      }),
  ],

  // Releasing
  [
    "fails a second release",
    "release: may be called again",
    () => {
      const released = new Set<Session>();
      return changed({
        async release(session) {
          if (released.has(session)) throw new Error("double free");
          released.add(session);
          await session.release();
        },
      });
    },
  ],
  [
    "runs after the release",
    "release: fails later runs by a typed error",
    () => changed({ release: async () => {} }),
  ],
  [
    "fails a run after the release by a plain error",
    "release: fails later runs by a typed error",
    () => {
      const released = new Set<Session>();
      return changed({
        doRun: (session, inputs, options) =>
          released.has(session)
            ? Promise.reject(new TypeError("null pointer"))
            : session.doRun(inputs, options),
        async release(session) {
          released.add(session);
          await session.release();
        },
      });
    },
  ],
  [
    "never settles the run that it is released under",
    "release: settles a run that is under way, by its result or a typed error",
    () => {
      const released = new Set<Session>();
      return changed({
        doRun: (session, inputs, options) =>
          new Promise((resolve, reject) => {
            session.doRun(inputs, options).then((outputs) => {
              if (!released.has(session)) resolve(outputs);
            }, reject);
          }),
        async release(session) {
          released.add(session);
          await session.release();
        },
      });
    },
  ],
  [
    "waits for a run before it is released",
    "release: frees a session that never ran",
    () => changed({ release: () => new Promise(() => {}) }),
  ],
  [
    "cannot free what has failed",
    "release: frees a session whose run failed",
    () => {
      const broken = new Set<Session>();
      return changed({
        doRun: (session, inputs, options) =>
          session.doRun(inputs, options).catch((error: unknown) => {
            broken.add(session);
            throw error;
          }),
        release: (session) => (broken.has(session) ? new Promise(() => {}) : session.release()),
      });
    },
  ],
  [
    "can load only once",
    "release: leaves the backend able to load again",
    () => {
      let isTaken = false;
      return changed({
        load(backend, artifact, options) {
          if (isTaken) throw new Error("the device is in use");
          return backend.load(artifact, options);
        },
        async release(session) {
          isTaken = true;
          await session.release();
        },
      });
    },
  ],

  // The program around it
  [
    "writes to the console",
    "host: prints nothing",
    () =>
      changed({
        doRun(session, inputs, options) {
          // oxlint-disable-next-line eslint/no-console -- this is the fault
          console.warn("running");
          return session.doRun(inputs, options);
        },
      }),
  ],
  [
    "writes to stderr",
    "host: prints nothing",
    () =>
      changed({
        doRun(session, inputs, options) {
          process.stderr.write("running\n");
          return session.doRun(inputs, options);
        },
      }),
  ],
  [
    "leaves a promise to itself",
    "host: leaves no rejection unhandled",
    () =>
      changed({
        doRun(session, inputs, options) {
          const run = session.doRun(inputs, options);
          if (options.signal === undefined && inputs["index"]?.data[0] === 99) void run.then(() => {});
          return run;
        },
      }),
  ],
];

function artifactNamed(name: string): Artifact {
  const artifact: Artifact = {
    location: name,
    read: async () => fakeArtifact(name),
    sibling: () => artifact,
  };
  return artifact;
}

/** Signatures that what the test sends would fit. */
const signatures: readonly (readonly [test: string, inputs: readonly string[]])[] = [
  ["a missing input", []],
  ["an input by another name", ["X"]],
  ["an input too many", ["x", "y"]],
  ["an unknown output", ["x"]],
];

/** Without a fault in the table above, because whatever is wrong at all fails them. */
const general: readonly Fault[] = [
  ...dtypes.map((dtype): Fault => [
    `gives ${dtype} as something else`,
    `run: takes and gives ${dtype}`,
    () =>
      withOutputs((outputs) =>
        replaced(outputs, (output) => (output.dtype === dtype ? { ...output, shape: [3, 2] } : output)),
      ),
  ]),
  ...[
    "load: takes a model from its artifact and runs it",
    "load: takes a model from a URL",
    "run: takes a scalar",
    "run: takes any shape where the model declares none",
    "run: takes dimensions of another size each time",
    "run: takes the batch size that a model is fixed to",
    "batch: gives each of many requests its own answer",
    "batch: runs the rows of a fixed batch size one after the other",
    "batch: fails the request that the runtime fails on, and no other",
    "abort: takes no notice of a signal that is aborted after the run",
    "abort: fails the request that was given up, and no other",
  ].map((name): Fault => ["gives nothing", name, () => withOutputs(() => ({}))]),
  ...["load: refuses no bytes", "load: refuses half a model"].map((name): Fault => [
    "hangs on what it does not understand",
    name,
    () =>
      changed({
        load: (backend, artifact, options) =>
          backend.load(artifact, options).catch(() => new Promise(() => {})),
      }),
  ]),
  ...conformanceTests()
    .filter(({ name }) => name.startsWith("validation:"))
    .map(({ name }): Fault => {
      const text = (input: string): TensorInfo => ({ name: input, dtype: "string", shape: undefined });
      const number = (input: string): TensorInfo => ({ name: input, dtype: "float32", shape: ["batch", 3] });
      const inputs = signatures.find(([part]) => name.includes(part))?.[1].map(number) ?? [text("y")];
      const describe = (): Partial<Session> => ({ inputs, outputs: [number("z")] });
      return ["does not know its signature", name, () => changed({ describe, doRun: async () => ({}) })];
    }),
];

test.each([...faults, ...general])("a backend that %s fails %j", async (_, name, make) => {
  const planned = planConformance({ backend: make(), models: fakeArtifact, timeoutMs: 300 });
  const found = planned.find((test) => test.name === name);
  expect(found, `the suite has no test ${JSON.stringify(name)}`).toBeDefined();
  await expect(found!.run()).rejects.toThrow(Error);
});

test("every test of the suite has been seen to fail", () => {
  const failed = new Set([...faults, ...general].map(([, name]) => name));
  expect(
    conformanceTests()
      .map(({ name }) => name)
      .filter((name) => !failed.has(name)),
  ).toEqual([]);
});

test("one that does all of it right fails nothing", async () => {
  expect(await checkBackend({ backend: good(), models: fakeArtifact })).toMatchObject({
    failed: [],
    skipped: [],
  });
});
