import { z } from "zod";

import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import type { GuardrailKind } from "../guardrail.ts";
import { copyCounts, judgeShare, mergeCounts, type ShareCounts, zeroCounts } from "../judge-share.ts";
import { readField } from "../output-field.ts";
import { parseGuardrailOptions } from "../parse-options.ts";

/** Options of {@link agreement}. */
export interface AgreementOptions {
  /** Where the value lies in the output, such as `label` or `result.class`. Default the output itself. */
  readonly field?: string | undefined;
  /** How far numbers may lie apart and still agree. Default 0. */
  readonly tolerance?: number | undefined;
  /** The fraction of requests that may disagree, in [0, 1). */
  readonly limit: number;
}

interface ParsedOptions {
  readonly field: string;
  readonly tolerance: number;
  readonly limit: number;
}

const schema: z.ZodType<ParsedOptions> = z.strictObject({
  field: z.string().max(256).default(""),
  tolerance: z.number().min(0).default(0),
  limit: z.number().min(0).lt(1),
});

/** The share of shadowed requests to which the candidate gives another answer than the live version gave. */
export const agreementKind: GuardrailKind<ParsedOptions, ShareCounts> = {
  kind: "agreement",
  parseOptions: (options) => parseGuardrailOptions("agreement", schema, options),
  createCounter({ field, tolerance }) {
    const counts = zeroCounts();
    return {
      observe(event, arm) {
        if (arm !== "candidate" || !("live" in event) || event.outcome === "failure") return;
        counts.candidate.trials += 1;
        const [own, live] = [readField(event.output, field), readField(event.live, field)];
        if (!doAgree(own, live, tolerance)) counts.candidate.events += 1;
      },
      counts: () => copyCounts(counts),
    };
  },
  merge: mergeCounts,
  judge: (counts, { limit }, context) =>
    judgeShare(counts, { limit }, context, { events: "of the answers are not the live version's" }),
};

function doAgree(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= tolerance || (Number.isNaN(a) && Number.isNaN(b));
  }
  if (isList(a) && isList(b)) {
    return (
      a.length === b.length &&
      Array.prototype.every.call(a, (item, index) => doAgree(item, b[index], tolerance))
    );
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && doAgree(a[key], b[key], tolerance))
    );
  }
  return a === b;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Rolls back a shadow whose answers differ from the live version's too often. */
export function agreement(options: AgreementOptions): GuardrailDefinition {
  const { field = "", tolerance = 0, limit } = options;
  return { name: "agreement", kind: "agreement", options: { field, tolerance, limit }, stages: "shadow" };
}
