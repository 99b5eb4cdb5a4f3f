import type { Outcome } from "./run-case.ts";

/** Why a case is not passed, and whether it may be on another machine or another day. */
export interface Reason {
  readonly reason: string;
  readonly mayPass?: true;
}

interface Rule extends Reason {
  readonly name?: RegExp;
  readonly detail?: RegExp;
}

/** From what is observed to what it means; the first that matches counts. */
const rules: readonly Rule[] = [
  {
    name: /^test_(bernoulli|training_dropout)/,
    reason: "The result is random by definition, and the case has one draw of another generator.",
    mayPass: true,
  },
  {
    detail: /Failed to construct locale/,
    reason: "The runtime asks the operating system for the locale en_US.UTF-8, which not every machine has.",
    mayPass: true,
  },
  {
    detail: /Unsupported model IR version/,
    reason: "The case is in a version of the format that is newer than the runtime reads (IR version 14).",
  },
  {
    detail: /under development|Unrecognized attribute/,
    reason: "The case is of operator set 27, and the runtime knows those up to 26.",
  },
  {
    detail: /ai\.onnx\.preview/,
    reason: "The operator is of a preview domain that the runtime was built without.",
  },
  {
    name: /^test_(dft|stft)/,
    reason:
      "Where the exact sum is 0, the runtime's single precision leaves more than the format's absolute tolerance of 1e-7.",
  },
  {
    name: /^test_cast(like)?_FLOAT_to_STRING/,
    reason: "The runtime writes more digits of a number than the shortest text that reads back as the same.",
  },
  {
    name: /^test_maxunpool_export_with_output_shape/,
    reason: "The runtime's MaxUnpool puts values elsewhere when output_shape is given.",
  },
  {
    name: /^test_resize_downsample_.*align_corners/,
    reason: "The runtime's Resize samples other points when it makes smaller with align_corners.",
  },
  {
    name: /^test_attention_.*qk_matmul_bias.*causal/,
    reason: "The runtime masks with the lowest finite number, where the case has -Infinity.",
  },
  {
    detail: /inconsistent total_sequence_length/,
    reason: "The runtime's Attention refuses a mask that is shorter than the keys, which are padded.",
  },
  {
    detail: /Non per-tensor quantization is not supported/,
    reason:
      "The runtime's ConvInteger takes one zero point for all weights, and the case has one per channel.",
  },
  {
    detail: /Batchwise recurrent operations/,
    reason: "The runtime's recurrent operators have no layout with the batch first.",
  },
  {
    name: /^test_mish/,
    reason: "The shader's x * tanh(softplus(x)) loses digits where x is far below 0.",
  },
  {
    detail: /requires f16/,
    reason: "The GPU or its driver has no half precision in shaders.",
    mayPass: true,
  },
  {
    name: /^test_attention_.*fp16/,
    reason: "Half precision: two units in the last place, above the format's relative tolerance of 1e-3.",
  },
];

/** What the runtime says of an operator, and what it means. */
const patterns: readonly (readonly [RegExp, (operator: string, version: string) => string])[] = [
  [
    /Could not find an implementation for (\w+)\((\d+)\)/,
    (operator, version) =>
      `The runtime has no kernel of ${operator} (operator set ${version}) for these types.`,
  ],
  [
    /Provider type for (\w+) node with name .* is not set/,
    (operator) =>
      `The runtime's build for WebGPU has no kernel of ${operator} for these types, neither on the GPU nor on the CPU.`,
  ],
  [
    /No Op registered for (\w+) with domain_version/,
    (operator) =>
      `The runtime's build for WebGPU does not know ${operator}, as it has no operators of classical machine learning.`,
  ],
];

/** Why a case is not passed. */
export function reasonFor(name: string, outcome: Outcome & { readonly passed: false }): Reason {
  const { kind, detail } = outcome;
  if (kind === "inexpressible") {
    return { reason: `The case needs ${detail}, which neither onnxruntime-node nor this library takes.` };
  }
  for (const { name: names, detail: details, ...reason } of rules) {
    if ((names?.test(name) ?? true) && (details?.test(detail) ?? true)) return reason;
  }
  for (const [pattern, meaning] of patterns) {
    const found = pattern.exec(detail);
    if (found !== null) return { reason: meaning(found[1] ?? "", found[2] ?? "") };
  }
  return { reason: kind === "error" ? `The runtime refuses it: ${shortened(detail)}` : `Differs: ${detail}` };
}

/** A message without where in the runtime it comes from. */
function shortened(detail: string): string {
  return detail
    .replace(/^.*?Status Message: /s, "")
    .replaceAll(/\s+/g, " ")
    .slice(0, 200)
    .trim();
}
