import { describe, expect, test } from "vitest";
import { profile } from "../profile/create-profile.ts";
import { createProfileBuilder } from "../profile/profile-builder.ts";
import { detectDrift } from "../detect/detect-drift.ts";
import { drawRows } from "./streams.fixtures.ts";

const reference = profile(drawRows(5_000, 1));

describe.each([1, 100, 10_000])("at look %i", (look) => {
  test.each([
    ["price", 400, (index: number) => ({ price: index % 2 === 0 ? 1 : 3 })],
    ["plan", 200, (index: number) => (index % 5 === 0 ? { plan: "enterprise" } : {})],
    ["visits", 200, (index: number) => (index % 4 === 0 ? { visits: null } : {})],
  ] as const)("a change of %s in a fifth of the rows or more is found", (column, rows, change) => {
    const builder = createProfileBuilder({ reference });
    for (const [index, row] of drawRows(rows, 5).entries()) builder.add({ ...row, ...change(index) });
    const { columns } = detectDrift(reference, builder.build(), { look: { look } });
    expect(columns.filter(({ status }) => status === "drift").map(({ name }) => name)).toEqual([column]);
  });
});
