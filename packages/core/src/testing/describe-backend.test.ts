import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { checkBackend } from "./check-backend.ts";
import { conformanceModels } from "./conformance/conformance-models.ts";
import { type ConformanceOptions, unsupported } from "./conformance/conformance-options.ts";
import { conformanceTests } from "./conformance/conformance-tests.ts";
import { describeBackend, type TestRunner } from "./describe-backend.ts";
import { fakeArtifact } from "./fake-artifact.ts";
import { fakeBackend } from "./fake-backend.ts";

const backend = fakeBackend({ models: conformanceModels });
const options: ConformanceOptions = { backend, models: fakeArtifact };

/** A runner that only takes down what is registered. */
function takeDown(changed: Partial<ConformanceOptions> = {}): string[] {
  const lines: string[] = [];
  const runner: TestRunner = {
    describe(name, body) {
      lines.push(`# ${name}`);
      body();
    },
    test: Object.assign((name: string) => lines.push(name), {
      skip: (name: string) => lines.push(`skipped: ${name}`),
    }),
  };
  describeBackend("mine", { ...options, ...changed }, runner);
  return lines;
}

test("registers every test under its own name", () => {
  const names = conformanceTests().map(({ name }) => name);
  expect(takeDown()).toEqual(["# mine", ...names]);
  expect(new Set(names).size).toBe(names.length);
});

test("skips what it is told to, and what the format has no model for, with the reason", () => {
  const lines = takeDown({
    models: (name) => (name === "lookup" ? unsupported("there is no gather") : fakeArtifact(name)),
    skip: [{ test: "run: takes a scalar", reason: "issue 7" }],
  });
  expect(lines.filter((line) => line.startsWith("skipped"))).toEqual([
    "skipped: run: takes a scalar (issue 7)",
    ...conformanceTests()
      .filter(({ models }) => models.includes("lookup"))
      .map(({ name }) => `skipped: ${name} (there is no model lookup: there is no gather)`),
  ]);
});

describe("a skip", () => {
  test.each([
    ["names no test", [{ test: "run: scalars", reason: "none" }], /names "run: scalars", which is no test/],
    ["gives no reason", [{ test: "run: takes a scalar", reason: " " }], /gives no reason/],
    [
      "comes twice",
      [1, 2].map(() => ({ test: "run: takes a scalar", reason: "none" })),
      /names "run: takes a scalar" twice/,
    ],
  ])("that %s is refused", (_, skip, problem) => {
    const refused = expect.objectContaining({
      code: "INVALID_OPTIONS",
      option: "skip",
      message: expect.stringMatching(problem),
    });
    expect(() => takeDown({ skip })).toThrow(refused);
  });
});

test("a report tells what passed, failed and was skipped", async () => {
  const broken = {
    ...backend,
    specificationVersion: "v1",
    name: "",
    load: backend.load.bind(backend),
  } as const;
  const report = await checkBackend({
    ...options,
    backend: broken,
    skip: [{ test: "run: takes a scalar", reason: "issue 7" }],
  });
  expect(report.failed).toMatchObject([
    {
      test: "load: is a backend of specification v1 with a name",
      error: { name: "ConformanceError", message: "backend.name is no text, or empty" },
    },
  ]);
  expect(report.skipped).toEqual([{ test: "run: takes a scalar", reason: "issue 7" }]);
  expect(report.passed).toHaveLength(conformanceTests().length - 2);
});

describe("node:test", () => {
  const run = (kind: string): Promise<{ stdout: string }> =>
    promisify(execFile)(
      process.execPath,
      [
        "--conditions=@mlops/source",
        "--test-reporter=tap",
        new URL("node-test.fixtures.ts", import.meta.url).pathname,
      ],
      { env: { ...process.env, NODE_OPTIONS: "", BACKEND: kind } },
    );

  test("runs the suite, too", async () => {
    const { stdout } = await run("good");
    expect(stdout).toMatch(new RegExp(`^# pass ${conformanceTests().length - 1}$`, "m"));
    expect(stdout).toMatch(/^# skipped 1$/m);
  });

  test("fails by it", async () => {
    await expect(run("broken")).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/not ok \d+ - run: takes and gives float32\n[^]*an input changed/),
    });
  });
});
