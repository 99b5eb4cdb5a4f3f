import type { TensorMap } from "@mlops/core";

import type { ConformanceCase, InexpressibleCase } from "./conformance-case.ts";
import { findDifference, type Tolerance } from "./find-difference.ts";

/** Loads a model, runs it once and frees it. */
export type Execute = (model: Uint8Array, inputs: TensorMap) => Promise<TensorMap>;

/** What became of a case. */
export type Outcome =
  | { readonly passed: true }
  | {
      readonly passed: false;
      /** `inexpressible` where no tensor of JavaScript holds a value, `error` where the runtime threw. */
      readonly kind: "inexpressible" | "error" | "difference";
      readonly detail: string;
    };

/** The tolerance of the format's own runner. */
const formatTolerance: Tolerance = { relative: 1e-3, absolute: 1e-7 };

/** Runs a case and compares what it gives. */
export async function runCase(
  conformanceCase: ConformanceCase | InexpressibleCase,
  execute: Execute,
  tolerance: Tolerance = formatTolerance,
): Promise<Outcome> {
  if ("inexpressible" in conformanceCase) {
    return { passed: false, kind: "inexpressible", detail: conformanceCase.inexpressible };
  }
  const { model, inputs, outputs } = conformanceCase;
  let actual: TensorMap;
  try {
    actual = await execute(model, inputs);
  } catch (error) {
    return { passed: false, kind: "error", detail: error instanceof Error ? error.message : String(error) };
  }
  const detail = findDifference(outputs, actual, tolerance);
  return detail === undefined ? { passed: true } : { passed: false, kind: "difference", detail };
}
