import { expect, test } from "vitest";

import { settled } from "../predictor/fake-environment.fixtures.ts";
import { SchedulerSetup } from "./scheduler.fixtures.ts";
import { withoutStack } from "./without-stack.ts";

test("an error that is made without a stack has none, and the next one has", () => {
  const error = withoutStack(() => new TypeError("held up"));
  expect(error.stack).toBe("TypeError: held up");
  expect(new Error("another").stack).toContain("without-stack.test.ts");
});

test("a throw on the way leaves other errors their stacks", () => {
  const make = (): Error => {
    throw new Error("nothing to make");
  };
  expect(() => withoutStack(make)).toThrow("nothing to make");
  expect(new Error("another").stack).toContain("without-stack.test.ts");
});

test("refusals record none", async () => {
  const setup = new SchedulerSetup({ maxQueueSize: 1 });
  setup.submit(0);
  await settled();
  setup.submit(1);
  const refused = setup.submit(2);
  await settled();
  const [error] = refused.outcomes as [Error];
  expect(error.stack).toContain("is overloaded");
  expect(error.stack).not.toContain("\n");
  await setup.runAll();
});
