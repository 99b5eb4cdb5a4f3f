import { eventRatioSequence } from "@mlops/stats";
import { z } from "zod";

import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import type { Arm, GuardrailKind } from "../guardrail.ts";
import { noData } from "../judge-share.ts";
import { parseGuardrailOptions } from "../parse-options.ts";

const schema: z.ZodType<Readonly<Record<string, never>>> = z.strictObject({});

/**
 * Whether the arms have as many requests as the stage's weights say. Where they have not, requests
 * are lost or counted twice on one side, and no comparison of the arms means anything. A stage's
 * evidence is judged by that stage's own weights, so that a ramp misleads nobody.
 *
 * It judges keys' requests and not keys: a few keys with most of the requests make it fail.
 */
export const sampleRatioKind: GuardrailKind<
  Readonly<Record<string, never>>,
  Readonly<Record<Arm, number>>
> = {
  kind: "sample-ratio",
  parseOptions: (options) => parseGuardrailOptions("sample-ratio", schema, options),
  createCounter() {
    const counts = { candidate: 0, control: 0 };
    return {
      observe(event, arm) {
        // A shadow's requests are not split: each is one that the live version answered.
        if (!("live" in event)) counts[arm] += 1;
      },
      counts: () => ({ ...counts }),
    };
  },
  merge: (a, b) => ({ candidate: a.candidate + b.candidate, control: a.control + b.control }),
  judge({ candidate, control }, _, { weight, control: kind, failAlpha }) {
    const share = kind === "matched" ? 0.5 : weight;
    const evidence = { samples: candidate, controlSamples: control };
    if (share === 0 || share === 1) {
      return { status: "pass", reason: "everybody has the same version, so nothing is split", evidence };
    }
    if (candidate + control === 0) return noData("nobody has asked yet", 0);
    const { eValue } = eventRatioSequence([{ share, first: candidate, second: control }]);
    const found = candidate / (candidate + control);
    const reason = `${candidate} of ${candidate + control} requests had the candidate, and ${share} of them were to have it`;
    const status = eValue >= 1 / failAlpha ? "fail" : "pass";
    return { status, reason, evidence: { ...evidence, estimate: found, limit: share } };
  },
};

/** Rolls back when requests are not split as the weights say. */
export function sampleRatio(): GuardrailDefinition {
  return { name: "sample ratio", kind: "sample-ratio", options: {}, stages: "split" };
}
