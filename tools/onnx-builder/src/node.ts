import type { Attributes } from "./attribute.ts";

/** One operation of the graph. Values are passed by name; `""` leaves an optional input out. */
export interface Node {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
  /** The operator set it is from: `""` for ONNX's own, else one of the model's `domainOpsets`. */
  readonly domain: string;
  /** A name for messages and profiles, `""` for none. */
  readonly name: string;
}

/**
 * A node of the graph.
 *
 * @example
 * ```ts
 * node("Gemm", ["x", "weight", "bias"], ["y"], { transB: int(1), alpha: float(0.5) });
 * ```
 */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes = {},
  { domain = "", name = "" }: { readonly domain?: string; readonly name?: string } = {},
): Node {
  return { opType, inputs, outputs, attributes, domain, name };
}
