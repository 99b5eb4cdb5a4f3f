import type { Tensor } from "@mlops/onnx-builder/write";

import type { LayerObject } from "./layers-model-graph.ts";

/** A value of the ONNX graph that is being written. */
export interface Value {
  readonly name: string;
  readonly dtype: string;
  /** The sizes where they are known, `null` where they vary; the batch first. */
  readonly shape: readonly (number | null)[];
}

/** A call of a layer that is to be written. */
export interface LayerCall {
  readonly layer: LayerObject;
  readonly className: string;
  readonly config: LayerOptions;
  readonly inputs: readonly [Value, ...Value[]];
  /** The shapes of what the layer gives. */
  readonly outputShapes: readonly (readonly (number | null)[])[];
}

/** The weights of layers, read into memory. */
export type WeightReader = (layer: LayerObject, name: string) => Tensor<"float32"> | undefined;

/** A layer's configuration, read by kind. */
export class LayerOptions {
  readonly #config: Readonly<Record<string, unknown>>;

  constructor(config: Readonly<Record<string, unknown>>) {
    this.#config = config;
  }

  number(key: string, fallback = 0): number {
    const value = this.#config[key];
    return typeof value === "number" ? value : fallback;
  }

  /** A number for each of `length` axes, from one number or a list. */
  numbers(key: string, length: number, fallback = 1): readonly number[] {
    const value = this.#config[key] ?? fallback;
    const list = Array.isArray(value) ? value.map(Number) : [];
    return list.length === length
      ? list
      : Array.from({ length }, () => (list.length > 0 ? (list[0] ?? 0) : Number(value)));
  }

  flag(key: string, fallback = false): boolean {
    const value = this.#config[key];
    return typeof value === "boolean" ? value : fallback;
  }

  text(key: string, fallback = ""): string {
    const value = this.#config[key];
    return typeof value === "string" ? value : fallback;
  }

  has(key: string): boolean {
    return this.#config[key] !== undefined && this.#config[key] !== null;
  }

  list(key: string): readonly unknown[] {
    const value = this.#config[key];
    return Array.isArray(value) ? value : [];
  }
}
