import { createRandom } from "@mlops/stats";
import {
  Bool,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { expect, test } from "vitest";

import { detectDrift } from "../index.ts";
import { profile } from "./create-profile.ts";

// Real Apache Arrow tables, as query engines and Parquet readers give them.

const random = createRandom(3);
const start = Date.UTC(2026, 0, 1);
const rows = Array.from({ length: 600 }, (_, row) => ({
  price: row % 50 === 0 ? null : random.normal(100, 15),
  quantity: row % 40 === 0 ? null : random.poisson(3),
  id: BigInt(row) * 1_000n,
  plan: row % 30 === 0 ? null : "abc"[random.integer(3)]!,
  isNew: random() < 0.3,
  at: new Date(start + row * 60_000),
}));

function tableOf(part: typeof rows): Table {
  return new Table({
    price: vectorFromArray(
      part.map(({ price }) => price),
      new Float64(),
    ),
    quantity: vectorFromArray(
      part.map(({ quantity }) => quantity),
      new Int32(),
    ),
    id: vectorFromArray(
      part.map(({ id }) => id),
      new Int64(),
    ),
    plan: vectorFromArray(
      part.map(({ plan }) => plan),
      new Dictionary(new Utf8(), new Int32()),
    ),
    isNew: vectorFromArray(
      part.map(({ isNew }) => isNew),
      new Bool(),
    ),
    at: vectorFromArray(
      part.map(({ at }) => at),
      new TimestampMillisecond(),
    ),
  });
}

test("a table gives the profile of its rows, with nulls as missing and timestamps as moments", () => {
  const ofTable = profile(tableOf(rows));
  expect(ofTable.columns.map(({ kind }) => kind)).toEqual([
    "numeric",
    "numeric",
    "numeric",
    "categorical",
    "boolean",
    "datetime",
  ]);
  expect(ofTable.columns.map(({ missing }) => missing)).toEqual([12, 15, 0, 20, 0, 0]);
  expect(ofTable).toEqual(profile(rows));
});

test("a table of several batches, and a slice, are their rows", () => {
  const whole = tableOf(rows.slice(0, 200)).concat(tableOf(rows.slice(200)));
  expect(profile(whole)).toEqual(profile(rows));
  expect(profile(whole.slice(150, 450))).toEqual(profile(rows.slice(150, 450)));
});

test("tables are compared as rows are", () => {
  const [before, after] = [rows.slice(0, 300), rows.slice(300)];
  expect(detectDrift(tableOf(before), tableOf(after), { exclude: ["id", "at"] })).toEqual(
    detectDrift(before, after, { exclude: ["id", "at"] }),
  );
});
