import { OnlineFalseDiscoveryRate, type OnlineFalseDiscoveryRateState, windowLevel } from "@mlops/stats";
import type { DriftOptions } from "../detect/drift-options.ts";
import type { ColumnResult } from "../verdict/column-result.ts";
import type { DriftResult } from "../verdict/drift-result.ts";

/**
 * What `alpha` bounds while a stream is looked at again and again. A look is a verdict on one window.
 *
 * - `"ever"`: the chance that there is any false alarm, ever. Look k has the level α / (k (k + 1)).
 *   Holds however the windows depend on each other. Its price is power late in the stream.
 * - `{ looks: N }`: the chance of any false alarm in any N looks in a row. Each has the level α / N, for
 *   ever: power stays the same, and there are N / α looks or more between false alarms on average. Holds
 *   however the windows depend on each other.
 * - `"false-discovery-rate"`: the expected share of false ones among the alarms so far, where windows
 *   are independent (LORD++). Not for sliding windows, which overlap.
 */
export type LookControl = "ever" | "false-discovery-rate" | { readonly looks: number };

/** What is read of a result. */
interface SettledLook extends Pick<DriftResult, "status"> {
  readonly columns: readonly Pick<ColumnResult, "adjustedPValue">[];
}

/** Hands out the level of each look, one after the other. */
export class LookLevels {
  readonly #alpha: number;
  readonly #control: LookControl;
  readonly #discoveries: OnlineFalseDiscoveryRate | undefined;

  constructor(alpha: number, control: LookControl, state?: OnlineFalseDiscoveryRateState) {
    this.#alpha = alpha;
    this.#control = control;
    if (control === "false-discovery-rate") {
      this.#discoveries =
        state === undefined
          ? new OnlineFalseDiscoveryRate({ alpha })
          : OnlineFalseDiscoveryRate.fromJSON(state);
    }
  }

  /** The level of a look, above 0; for false discovery rates that of the next look, whatever its number. */
  levelOf(look: number): number {
    if (this.#discoveries !== undefined) return this.#discoveries.level;
    if (typeof this.#control === "object") return this.#alpha / this.#control.looks;
    return windowLevel(look, { alpha: this.#alpha });
  }

  /** The same for `detectDrift`. */
  optionsOf(look: number): Pick<DriftOptions, "alpha" | "look"> {
    if (this.#discoveries !== undefined) return { alpha: this.#discoveries.level };
    if (typeof this.#control === "string") return { alpha: this.#alpha, look: { look } };
    const { looks } = this.#control;
    return { alpha: this.#alpha, look: { look: ((look - 1) % looks) + 1, of: looks } };
  }

  /** Takes note of how a look came out. */
  settle({ status, columns }: SettledLook): void {
    // What is significant and too small to matter raised no alarm, so it must not earn level back.
    const pValue =
      status === "drift" ? Math.min(1, ...columns.map(({ adjustedPValue }) => adjustedPValue ?? 1)) : 1;
    this.#discoveries?.test(pValue);
  }

  /** The state of the discoveries, where there is one. */
  toJson(): OnlineFalseDiscoveryRateState | undefined {
    return this.#discoveries?.toJSON();
  }
}
