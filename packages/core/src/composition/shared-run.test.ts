import { describe, expect, test } from "vitest";

import { settled } from "../predictor/fake-environment.fixtures.ts";
import { watch } from "./fake-predictor.fixtures.ts";
import { SharedRun } from "./shared-run.ts";

describe("SharedRun", () => {
  test("gives its outcome to everybody", async () => {
    const run = new SharedRun(
      async () => 5,
      () => {},
    );
    expect(await Promise.all([run.join(undefined), run.join(new AbortController().signal)])).toEqual([5, 5]);
  });

  test("that fails after everybody has left fails for nobody", async () => {
    let abandoned = 0;
    const signals: AbortSignal[] = [];
    const run = new SharedRun(
      (signal) => {
        signals.push(signal);
        return Promise.reject(new Error("nobody hears this"));
      },
      () => (abandoned += 1),
    );
    const outcome = watch(run.join(AbortSignal.abort("gone")));
    await settled();
    expect(outcome.error).toMatchObject({ code: "ABORTED", cause: "gone" });
    expect([abandoned, signals[0]?.aborted]).toEqual([1, true]);
  });
});
