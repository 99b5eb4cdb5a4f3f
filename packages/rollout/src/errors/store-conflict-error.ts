import { hasRolloutErrorCode, RolloutError } from "./rollout-error.ts";

/** The fields of a {@link StoreConflictError}. */
export interface StoreConflictDetails {
  readonly rollout: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** A command was not carried out, because other replicas kept writing first. It can be tried again. */
export class StoreConflictError extends RolloutError {
  override readonly name: string = "StoreConflictError";
  override readonly code = "STORE_CONFLICT";
  readonly rollout: string;
  readonly attempts: number;

  constructor({ rollout, attempts }: StoreConflictDetails) {
    super(
      `The rollout ${JSON.stringify(rollout)} was changed by others ${attempts} times in a row while a command was carried out. Try again.`,
    );
    this.rollout = rollout;
    this.attempts = attempts;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is StoreConflictError {
    return hasRolloutErrorCode(value, "STORE_CONFLICT");
  }
}
