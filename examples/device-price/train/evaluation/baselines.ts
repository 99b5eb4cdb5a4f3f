import type { DeviceRow } from "../data/device-row.ts";
import { fitLinearEncoding } from "./linear-encoding.ts";
import { fitRidge, predictRidge } from "./ridge.ts";

/** A fitted model: from a device to the logarithm of its price. */
export type LnPriceModel = (row: DeviceRow) => number;

/** The mean of the training rows for every device. */
export function fitMeanBaseline(rows: readonly DeviceRow[]): LnPriceModel {
  const mean = rows.reduce((sum, row) => sum + row.lnPrice, 0) / rows.length;
  return () => mean;
}

/** Ridge regression on the usual encoding of a device. */
export function fitRidgeBaseline(rows: readonly DeviceRow[]): LnPriceModel {
  const encode = fitLinearEncoding(rows);
  const model = fitRidge(
    rows.map((row) => encode(row)),
    rows.map((row) => row.lnPrice),
  );
  return (row) => predictRidge(model, encode(row));
}
