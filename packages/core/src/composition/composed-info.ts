import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { identifierPattern } from "../model/identifier.ts";
import type { PredictorInfo } from "../predictor/predictor.ts";
import type { NamedCompositionOptions } from "./composition-options.ts";

/** What a composition takes and gives. */
type Interface = Pick<PredictorInfo, "signature" | "labels">;

/** What stands behind several predictors together; of one it is the predictor's own. */
export function composeInfo(
  members: readonly PredictorInfo[],
  { name, version }: NamedCompositionOptions,
  { signature, labels }: Interface,
): PredictorInfo {
  const join = (pick: (info: PredictorInfo) => string): string => [...new Set(members.map(pick))].join("+");
  return Object.freeze({
    model: checkIdentifier("name", name, name ?? join(({ model }) => model)),
    version: checkIdentifier("version", version, version ?? join((info) => info.version)),
    backend: join(({ backend }) => backend),
    device: join(({ device }) => device),
    execution: common(members.map(({ execution }) => execution)),
    signature,
    labels,
    card: members.length === 1 ? members[0]?.card : undefined,
    members: members.length === 1 ? members[0]?.members : Object.freeze([...members]),
    // Asked each time: some come up later.
    get warnings() {
      return members.flatMap(({ warnings }) => warnings);
    },
  });
}

/** What predictors that are asked the same take and give, as far as they agree. */
export function commonInterface(members: readonly PredictorInfo[]): Interface {
  return {
    signature: common(members.map(({ signature }) => signature)),
    labels: common(members.map(({ labels }) => labels)),
  };
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` when the value, given or derived, is no identifier. */
export function checkIdentifier(option: "name" | "version", given: unknown, value: unknown): string {
  if (typeof value === "string" && identifierPattern.test(value)) return value;
  const remedy = 'it has to be 1 to 128 letters, digits, ".", "_", "-" or "+", not starting with a sign';
  const is = given === undefined ? "has to be given, as the members' make" : "is";
  throw new InvalidOptionsError({ option, problem: `${is} ${JSON.stringify(value)}; ${remedy}` });
}

/** The value that all are, if they are alike. */
function common<Value>(values: readonly Value[]): Value | undefined {
  const kinds = new Set(values.map((value) => JSON.stringify(value)));
  return kinds.size === 1 ? values[0] : undefined;
}
