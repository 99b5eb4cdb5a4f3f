import * as nodeTest from "node:test";

import { expectTypeOf, test } from "vitest";
import * as vitest from "vitest";

import type { FakeFault, FakeModel, TestRunner } from "./index.ts";
import { type ConformanceModelName, describeBackend, fakeArtifact, fakeBackend } from "./index.ts";

declare const model: FakeModel;

test("the functions of vitest and node:test fit as they are", () => {
  expectTypeOf({ describe: vitest.describe, test: vitest.test }).toExtend<TestRunner>();
  expectTypeOf({ describe: nodeTest.describe, test: nodeTest.test }).toExtend<TestRunner>();
  const options = { backend: fakeBackend({ model }), models: fakeArtifact };
  // @ts-expect-error - without a runner nothing would be run
  describeBackend("mine", options);
});

test("a backend answers for every model by its name", () => {
  expectTypeOf<"identity-float16">().toExtend<ConformanceModelName>();
  expectTypeOf<"identity-complex64">().not.toExtend<ConformanceModelName>();
  const runner = { describe: vitest.describe, test: vitest.test };
  const options = { backend: fakeBackend({ model }), models: () => undefined };
  // @ts-expect-error - a model that is undefined is neither given nor explained
  describeBackend("mine", options, runner);
});

test("a fault is complete", () => {
  expectTypeOf({ on: "run", number: 1, action: "crash" } as const).toExtend<FakeFault>();
  expectTypeOf({ on: "load", number: 1, action: "crash" } as const).not.toExtend<FakeFault>();
  expectTypeOf({ on: "run", number: 1, action: "slow" } as const).not.toExtend<FakeFault>();
});
