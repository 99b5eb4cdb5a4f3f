import { expect, it } from "vitest";
import { ordersResult } from "./report.fixtures.ts";
import { toJson } from "./to-json.ts";

const orders = ordersResult();

it("keeps every figure", () => {
  expect(JSON.parse(toJson(orders))).toEqual(orders);
  expect(toJson(orders, { space: 2 })).toContain('\n  "version": 1,');
});

it("can stand in a script element", () => {
  const [first, ...rest] = orders.columns;
  const hostile = { ...orders, columns: [{ ...first!, name: "</script><!--\u2028" }, ...rest] };
  expect(toJson(hostile)).not.toMatch(/[<\u2028\u2029]/);
  expect(JSON.parse(toJson(hostile))).toEqual(hostile);
});
