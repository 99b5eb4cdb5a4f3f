import { checkChoice } from "../arguments/check-number.ts";

/** Which departures from the null hypothesis count. */
export type Alternative = "two-sided" | "less" | "greater";

/** Whether the p-value is counted out or comes from the limit of large samples. */
export type Method = "exact" | "asymptotic";

export function checkAlternative(alternative: Alternative): void {
  checkChoice("options.alternative", alternative, ["two-sided", "less", "greater"]);
}

export function checkMethod(method: Method | "auto"): void {
  checkChoice("options.method", method, ["auto", "exact", "asymptotic"]);
}
