import { detectDrift } from "../detect/detect-drift.ts";
import type { DriftOptions } from "../detect/drift-options.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import { createProfileBuilder, type ProfileBuilder } from "../profile/profile-builder.ts";
import type { Profile } from "../profile/profile.ts";
import { parseProfile, profileToJson } from "../profile/profile-json.ts";
import { refuseState, type WindowsState } from "./monitor-state.ts";
import type { WindowSpan } from "./monitor-verdict.ts";
import type { DueWindow, RowFate, WatchedWindows } from "./watched-windows.ts";

/** Windows of a number of rows, one after the other. */
export class RowWindows implements WatchedWindows {
  readonly #reference: Profile;
  readonly #size: number;
  #builder: ProfileBuilder;
  #rows = 0;
  /** Rows of the windows before. */
  #passed = 0;

  constructor(reference: Profile, size: number) {
    this.#reference = reference;
    this.#size = size;
    this.#builder = createProfileBuilder({ reference });
  }

  add(row: ProfileRow): RowFate {
    this.#builder.add(row);
    this.#rows += 1;
    return "counted";
  }

  takeDue(): DueWindow | undefined {
    if (this.#rows < this.#size) return undefined;
    const span = this.#span(this.#rows);
    const current = this.#builder.build();
    const reference = this.#reference;
    this.#builder = createProfileBuilder({ reference });
    this.#passed += this.#rows;
    this.#rows = 0;
    return {
      span,
      rows: current.rows,
      compare: (options: DriftOptions) => detectDrift(reference, current, options),
    };
  }

  pending(): { readonly span: WindowSpan; readonly rows: number; readonly reason: string } {
    const reason = `The window has ${this.#rows} of ${this.#size} rows.`;
    return { span: this.#span(this.#size), rows: this.#rows, reason };
  }

  merge(state: WindowsState): void {
    if (state.kind !== "rows") throw refuseState("windows.kind", `is ${state.kind}, and not rows`);
    const profile = parseProfile(state.profile);
    this.#builder.merge(profile);
    this.#rows += profile.rows;
    this.#passed += state.passed;
  }

  restore(state: WindowsState): void {
    this.merge(state);
  }

  toJson(): WindowsState {
    return { kind: "rows", passed: this.#passed, profile: profileToJson(this.#builder.build()) };
  }

  #span(rows: number): WindowSpan {
    return { unit: "rows", from: this.#passed + 1, to: this.#passed + rows };
  }
}
