import { InvalidInputError, MlopsError, type Predictor, tensor } from "@mlops/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Device } from "./device.ts";
import type { DevicePrice } from "./device-price-model.ts";
import { openDevicePricePredictor } from "./testing/open-price-server.ts";

const phone: Device = {
  brand: "Samsung",
  os: "Android",
  newPriceEur: 250,
  releaseYear: 2019,
  daysUsed: 300,
  ramGb: 4,
};

let predictor: Predictor<Device, DevicePrice>;
beforeAll(async () => {
  predictor = await openDevicePricePredictor();
});
afterAll(() => predictor.close());

describe("the device-price model", () => {
  it("prices a phone like one, and dearer ones higher", async () => {
    const prices = await predictor.predictMany(
      [100, 250, 600, 1200].map((newPriceEur) => ({ ...phone, newPriceEur })),
    );
    const euros = prices.map(({ priceEur }) => priceEur);
    expect(euros).toEqual(euros.toSorted((a, b) => a - b));
    expect(euros[1]).toBeGreaterThan(50);
    expect(euros[1]).toBeLessThan(250);
  });

  it("says which fields it did without", async () => {
    const { imputedFields } = await predictor.predict({ newPriceEur: 250, has4g: false });
    expect(imputedFields).not.toContain("newPriceEur");
    expect(imputedFields).not.toContain("has4g");
    expect(imputedFields).toContain("brand");
    expect(imputedFields).toHaveLength(12);
  });

  it("says what it has never seen, and treats it as unknown", async () => {
    const [unseen, withoutBrand] = await predictor.predictMany([
      { ...phone, brand: "Nobody" },
      { ...phone, brand: undefined },
    ]);
    expect(unseen).toMatchObject({
      unseenFields: ["brand"],
      imputedFields: expect.not.arrayContaining(["brand"]),
    });
    expect(unseen!.priceEur).toBe(withoutBrand!.priceEur);
  });

  it("knows brands whatever their letter case", async () => {
    const [one, other] = await predictor.predictMany([
      phone,
      { ...phone, brand: " SAMSUNG ", os: "android" },
    ]);
    expect(one).toEqual(other);
    expect(one!.unseenFields).toEqual([]);
  });

  it("says what lies outside its training, and takes the nearest that does not", async () => {
    const [beyond, farBeyond] = await predictor.predictMany([
      { ...phone, newPriceEur: 9_000 },
      { ...phone, newPriceEur: 10_000 },
    ]);
    expect(beyond).toMatchObject({ outOfRangeFields: ["newPriceEur"] });
    expect(beyond!.priceEur).toBe(farBeyond!.priceEur);
  });

  it.each([
    ["a misspelled field", { ramGB: 4 }, "ramGB", "is no field of a device"],
    ["a number as text", { ramGb: "4" }, "ramGb", "a number of gigabytes from 0 to 256"],
    ["a number out of range", { ramGb: 1_000 }, "ramGb", "256"],
    ["a negative number", { daysUsed: -1 }, "daysUsed", "0"],
    ["NaN", { ramGb: Number.NaN }, "ramGb", "a number of gigabytes"],
    ["infinity", { ramGb: Infinity }, "ramGb", "a number of gigabytes"],
    ["a missing yes or no", { has4g: "yes" }, "has4g", "boolean"],
  ])("refuses %s, naming the field and what is allowed", async (_case, device, field, text) => {
    const error: unknown = await predictor.predict(device as Device).catch((error: unknown) => error);
    expect(InvalidInputError.isInstance(error) && error.issues).toContainEqual({
      path: [field],
      message: expect.stringContaining(text),
    });
  });

  it("refuses a device about which nothing is known", async () => {
    await expect(predictor.predict({})).rejects.toThrow("give at least one field");
  });

  it("refuses NaN in tensors, for which it has no meaning", async () => {
    const error: unknown = await predictor.predictTensors!({
      numeric: tensor("float32", Array<number>(12).fill(Number.NaN), [1, 12]),
      brand: tensor("int32", [0], [1, 1]),
      os: tensor("int32", [0], [1, 1]),
    }).catch((error: unknown) => error);
    expect(MlopsError.isInstance(error) && error.code).toBe("INVALID_INPUT");
  });
});
