const marker = Symbol.for("@mlops/rollout/store-conflict-error");

/** The fields of a {@link StoreConflictError}. */
export interface StoreConflictDetails {
  readonly rollout: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** A command was not carried out, because other replicas kept writing first. It can be tried again. */
export class StoreConflictError extends Error {
  override readonly name: string = "StoreConflictError";
  readonly code = "STORE_CONFLICT";
  readonly rollout: string;
  readonly attempts: number;

  constructor({ rollout, attempts }: StoreConflictDetails) {
    super(
      `The rollout ${JSON.stringify(rollout)} was changed by others ${attempts} times in a row while a command was carried out. Try again.`,
    );
    this.rollout = rollout;
    this.attempts = attempts;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static isInstance(value: unknown): value is StoreConflictError {
    return typeof value === "object" && value !== null && Reflect.get(value, marker) === true;
  }
}
