import type { Environment } from "../environment.ts";

/** What every composition may be told. */
export interface CompositionOptions {
  /**
   * Whether closing the composition closes the predictors that it is made of. Default true: they
   * pass into its ownership. Say false for predictors that are used elsewhere too.
   */
  readonly closeMembers?: boolean | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/** Options of a composition that is more than its members, and has a name of its own. */
export interface NamedCompositionOptions extends CompositionOptions {
  /** What it is called, as in `defineModel`. Default the names of its members, joined by `+`. */
  readonly name?: string | undefined;
  /** Its version, as in `defineModel`. Default the versions of its members, joined by `+`. */
  readonly version?: string | undefined;
}
