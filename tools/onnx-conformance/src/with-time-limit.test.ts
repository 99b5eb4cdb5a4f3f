import { expect, test, vi } from "vitest";

import { withTimeLimit } from "./with-time-limit.ts";

const model = new Uint8Array();

test("what answers in time is as it was", async () => {
  expect(await withTimeLimit(async () => ({}), 1000)(model, {})).toEqual({});
  const refused = withTimeLimit(() => Promise.reject(new Error("no kernel")), 1000);
  await expect(refused(model, {})).rejects.toThrow("no kernel");
});

test("what does not answer fails", async () => {
  vi.useFakeTimers();
  try {
    const hanging = withTimeLimit(() => new Promise(() => {}), 1000)(model, {});
    await Promise.all([
      expect(hanging).rejects.toThrow("no answer within 1000 ms"),
      vi.advanceTimersByTimeAsync(1000),
    ]);
  } finally {
    vi.useRealTimers();
  }
});
