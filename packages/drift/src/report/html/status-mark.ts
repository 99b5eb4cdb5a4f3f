import type { DriftStatus } from "../../verdict/drift-status.ts";
import { driftStatuses } from "../../verdict/drift-status.ts";
import { statusTerms } from "../wording/terms.ts";
import { type Markup, markup } from "./markup.ts";

/** Each status has its own shape: colour is never all that tells them apart. */
const shapes: Readonly<Record<DriftStatus, string>> = {
  drift: "M8 1.5 15 14H1z",
  invalid: "M3 1.5 8 6.5 13 1.5 14.5 3 9.5 8 14.5 13 13 14.5 8 9.5 3 14.5 1.5 13 6.5 8 1.5 3z",
  "not-enough-data": "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1zM8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 1 1 0-9z",
  stable: "M6.2 13.2 1.2 8.2 3 6.4 6.2 9.6 13 2.8 14.8 4.6z",
};

/** The shapes, once in a page; `statusMark` refers to them. */
export function statusShapes(): Markup {
  return markup`<svg class="shapes" aria-hidden="true">${driftStatuses.map(
    (status) =>
      markup`<symbol id="shape-${status}" viewBox="0 0 16 16"><path d="${shapes[status]}"/></symbol>`,
  )}</svg>`;
}

/** A status by shape and name. */
export function statusMark(status: DriftStatus): Markup {
  return markup`<span class="status is-${status}"><svg aria-hidden="true"><use href="#shape-${status}"/></svg>${statusTerms[status].label}</span>`;
}
