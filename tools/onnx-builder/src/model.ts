import type { ElementType } from "./element-type.ts";
import type { Node } from "./node.ts";
import type { Tensor } from "./tensor.ts";

/** The size of a dimension: a number when fixed, a name when symbolic, `null` when unknown. */
export type Dimension = number | string | null;

/** An input or output of the graph. */
export interface Value {
  readonly name: string;
  readonly dtype: ElementType;
  /** `[]` for a scalar, `undefined` for an unknown rank. */
  readonly shape: readonly Dimension[] | undefined;
  /** Whether the value is a sequence of such tensors, and not one tensor. Default `false`. */
  readonly isSequence?: boolean;
}

/** A model, with every part said. */
export interface Model {
  /** The graph's name. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** In an order in which each node comes after those whose outputs it takes. */
  readonly nodes: readonly Node[];
  /** Constants by the name that nodes take them by. */
  readonly initializers: Readonly<Record<string, Tensor>>;
  /** The version of ONNX's own operator set. */
  readonly opset: number;
  /** The version of the file format. */
  readonly irVersion: number;
  /** The versions of further operator sets, such as `{ "ai.onnx.ml": 3 }`. */
  readonly domainOpsets: Readonly<Record<string, number>>;
  readonly producer: string;
  /** The model's own metadata, free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly docString: string;
}

/**
 * What a model is built from. Defaults: no initializers, opset 17 and IR version 8 (those of
 * ONNX 1.12), no further operator sets, the producer `@mlops/onnx-builder`, no metadata, no doc
 * string.
 */
export type ModelDefinition = Pick<Model, "name" | "inputs" | "outputs" | "nodes"> & Partial<Model>;
