import { expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { ColumnSchema, DataSchema } from "./data-schema.ts";
import { defineSchema, editColumn } from "./edit-schema.ts";
import { toStandardSchema } from "./to-standard-schema.ts";
import { toZod } from "./to-zod.ts";

interface Customer {
  readonly age: number;
}

/** What takes a Standard Schema sees of one: zod's own are the measure. */
type Props = z.ZodType<Customer>["~standard"];

test("a Standard Schema has the type of its rows", () => {
  const standard = toStandardSchema<Customer>({} as DataSchema);
  expectTypeOf(standard["~standard"].version).toEqualTypeOf<1>();
  expectTypeOf<NonNullable<(typeof standard)["~standard"]["types"]>["output"]>().toEqualTypeOf<Customer>();
  expectTypeOf<NonNullable<Props["types"]>["output"]>().toEqualTypeOf<Customer>();
  expectTypeOf(standard["~standard"].validate).returns.toExtend<Awaited<ReturnType<Props["validate"]>>>();
  expectTypeOf(toZod({} as DataSchema)).toExtend<z.ZodType>();
});

test("columns have the fields of their kind", () => {
  defineSchema({ columns: [{ name: "x", kind: "numeric", minimum: 0, mostly: { range: 0.9 } }] });
  // @ts-expect-error - a number has no list of values
  defineSchema({ columns: [{ name: "x", kind: "numeric", values: ["a"] }] });
  // @ts-expect-error - an embedding says how long it is
  defineSchema({ columns: [{ name: "x", kind: "embedding" }] });
  // @ts-expect-error - there is no check of that name
  editColumn({} as DataSchema, "x", { mostly: { rnage: 1 } });
  // @ts-expect-error - a limit is a number
  editColumn({} as DataSchema, "x", { minimum: "0" });
  expectTypeOf<ColumnSchema["kind"]>().toEqualTypeOf<
    "numeric" | "datetime" | "categorical" | "boolean" | "text" | "embedding"
  >();
});
