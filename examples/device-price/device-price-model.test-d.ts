import type { Predictor } from "@mlops/core";
import { expectTypeOf, test } from "vitest";

import type { Device } from "./device.ts";
import type { DevicePrice } from "./device-price-model.ts";
import { openDevicePricePredictor } from "./testing/open-price-server.ts";

test("the types of the schema reach predict", async () => {
  const predictor = await openDevicePricePredictor();
  expectTypeOf(predictor).toEqualTypeOf<Predictor<Device, DevicePrice>>();
  expectTypeOf((await predictor.predict({ ramGb: 4 })).priceEur).toEqualTypeOf<number>();
  // @ts-expect-error - ramGB is a misspelled field
  await predictor.predict({ ramGB: 4 });
  // @ts-expect-error - ramGb is a number
  await predictor.predict({ ramGb: "4" });
});
