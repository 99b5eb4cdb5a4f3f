import { errorCodes } from "../errors/error-codes.ts";

/**
 * What an outcome says of the service, for the request-based form of availability:
 * - `success`: a result;
 * - `fault`: an error that `errorCodes` lays on the operator or the model's author, or that is none of ours;
 * - `excluded`: an error that `errorCodes` lays on the caller, such as `INVALID_INPUT` or `ABORTED`.
 */
type OutcomeKind = "success" | "fault" | "excluded";

/** One way for a request to end. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** The error's code, `OTHER` for one that `errorCodes` lacks; `undefined` for a success. */
  readonly code: string | undefined;
}

/** Every way for a request to end, each with an index. There are as many as codes, and two more. */
export class Outcomes {
  readonly all: readonly Outcome[];
  readonly #indexByCode = new Map<string | undefined, number>();
  readonly #other: number;

  constructor() {
    const codes = Object.entries(errorCodes).map(([code, { concerns }]): Outcome => {
      return { code, kind: concerns === "caller" ? "excluded" : "fault" };
    });
    this.all = [{ code: undefined, kind: "success" }, ...codes, { code: "OTHER", kind: "fault" }];
    for (const [index, { code }] of this.all.entries()) this.#indexByCode.set(code, index);
    this.#indexByCode.delete(undefined);
    this.#other = this.all.length - 1;
  }

  /** The index in {@link Outcomes.all} of a failure with this code. That of a success is 0. */
  indexOfFailure(code: string | undefined): number {
    return this.#indexByCode.get(code) ?? this.#other;
  }
}

/** The index of a success in {@link Outcomes.all}. */
export const successIndex = 0;
