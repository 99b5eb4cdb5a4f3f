import { expect, test } from "vitest";

import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { encodeRows } from "./encode-rows.ts";
import { numericFeatures } from "./numeric-features.ts";
import { buildVocabulary, idOf } from "./vocabulary.ts";

const [device] = syntheticDevices(1, 1);

test("brands are numbered in order after the others, which share id 0", () => {
  const brands = ["Gimel", "Others", "aleph", undefined, "Bet", "Gimel"];
  const { brands: names } = buildVocabulary(brands.map((brand) => ({ ...device!, brand })));
  expect(names).toEqual(["Others", "Bet", "Gimel", "aleph"]);
  expect(["Others", "Bet", "aleph", "Dalet", undefined].map((name) => idOf(names, name))).toEqual([
    0, 1, 3, 0, 0,
  ]);
});

test("operating systems have fixed ids, and `Others` one of its own", () => {
  const { operatingSystems } = buildVocabulary([]);
  expect(
    ["Android", "iOS", "Windows", "Others", "Symbian", undefined].map((os) => idOf(operatingSystems, os)),
  ).toEqual([1, 2, 3, 4, 0, 0]);
});

test("the order of the numeric inputs is a contract with clients", () => {
  expect(numericFeatures.map(({ name }) => name)).toEqual([
    "newPriceEur",
    "releaseYear",
    "daysUsed",
    "ramGb",
    "storageGb",
    "screenCm",
    "rearCameraMp",
    "frontCameraMp",
    "batteryMah",
    "weightGrams",
    "has4g",
    "has5g",
  ]);
});

test("rows lie one after another, −1 for what is missing", () => {
  const numeric = {
    newPriceEur: 100.5,
    releaseYear: 2019,
    daysUsed: 0,
    ramGb: 4,
    storageGb: 64,
    screenCm: undefined,
    rearCameraMp: 12,
    frontCameraMp: 8,
    batteryMah: 3000,
    weightGrams: 150,
    has4g: 1,
    has5g: undefined,
  };
  const first = { brand: "Bet", os: "iOS", numeric, lnPrice: 4 };
  const second = {
    ...first,
    brand: undefined,
    os: undefined,
    numeric: { ...numeric, newPriceEur: undefined },
  };
  const vocabulary = { brands: ["Others", "Bet"], operatingSystems: ["unknown", "Android", "iOS"] };
  const rest = [2019, 0, 4, 64, -1, 12, 8, 3000, 150, 1, -1];
  expect(encodeRows([first, second], vocabulary)).toEqual({
    count: 2,
    numeric: Float32Array.of(100.5, ...rest, -1, ...rest),
    brand: Int32Array.of(1, 0),
    os: Int32Array.of(2, 0),
  });
});
