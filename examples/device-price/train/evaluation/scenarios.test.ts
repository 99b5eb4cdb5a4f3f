import { expect, test } from "vitest";

import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { scenarios } from "./scenarios.ts";

const [row] = syntheticDevices(1, 1);

test("each hides what it says and nothing else", () => {
  const hidden = Object.fromEntries(scenarios.map(({ name, hide }) => [name, hide(row!)]));
  expect(hidden["newPriceEur missing"]).toEqual({
    ...row,
    numeric: { ...row!.numeric, newPriceEur: undefined },
  });
  expect(hidden["brand unknown"]).toEqual({ ...row, brand: undefined });
  const few = hidden["only brand, releaseYear, ramGb and storageGb given"]!;
  const given = Object.entries(few.numeric).filter(([, value]) => value !== undefined);
  expect(given.map(([name]) => name)).toEqual(["releaseYear", "ramGb", "storageGb"]);
  expect([few.brand, few.os, few.lnPrice]).toEqual([row!.brand, undefined, row!.lnPrice]);
});
