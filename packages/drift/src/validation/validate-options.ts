import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { DataSchema } from "./data-schema.ts";
import { checkRate } from "./infer-schema.ts";

/** Options of `validate`. */
export interface ValidateOptions {
  /** Where the data are from, one of the schema's environments; by default all columns are expected. */
  readonly environment?: string;
  /** How likely any tolerance is exceeded by chance, at most, in (0, 0.5); by default 0.005. */
  readonly falseAlarmRate?: number;
  /** Compare shares plainly with `mostly`, without regard to chance; by default false. */
  readonly exact?: boolean;
  /** At most this many examples for each anomaly, from 0 to 1,000; by default 5. */
  readonly maxExamples?: number;
}

/** {@link ValidateOptions} with its defaults. */
export interface ResolvedValidateOptions {
  readonly environment: string | undefined;
  readonly falseAlarmRate: number;
  readonly exact: boolean;
  readonly maxExamples: number;
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` */
export function resolveOptions(schema: DataSchema, options: ValidateOptions): ResolvedValidateOptions {
  const { environment, falseAlarmRate = 0.005, exact = false, maxExamples = 5 } = options;
  checkEnvironment(schema, environment);
  checkRate("falseAlarmRate", falseAlarmRate);
  if (!Number.isInteger(maxExamples) || maxExamples < 0 || maxExamples > 1_000) {
    throw new InvalidDriftOptionsError({
      option: "maxExamples",
      problem: `is ${String(maxExamples)}`,
      remedy: "Pass a whole number from 0 to 1000.",
    });
  }
  return { environment, falseAlarmRate, exact, maxExamples };
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for one that the schema does not have. */
export function checkEnvironment({ environments = [] }: DataSchema, environment: string | undefined): void {
  if (environment === undefined || environments.includes(environment)) return;
  throw new InvalidDriftOptionsError({
    option: "environment",
    problem: `is ${JSON.stringify(environment)}, which the schema does not have`,
    remedy: `Its environments are: ${environments.join(", ") || "none"}.`,
  });
}
