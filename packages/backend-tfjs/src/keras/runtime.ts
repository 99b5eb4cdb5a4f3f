import type * as core from "@tensorflow/tfjs-core";
import type * as layers from "@tensorflow/tfjs-layers";

/**
 * The parts of TensorFlow.js that a Keras model is made with. Typed by this subset, any copy of it
 * will do, and none is needed to compile.
 *
 * @typeParam Model - Its type of a layers model.
 */
export interface KerasRuntime<Model extends KerasLayersModel = KerasLayersModel> {
  readonly models: { modelFromJSON(json: object): Promise<Model> };
  readonly io: {
    decodeWeights(data: ArrayBuffer, specs: object[]): Readonly<Record<string, { dispose(): void }>>;
  };
  readonly layers: object;
  readonly initializers: object;
  readonly serialization: object;
}

/** A layers model, as far as it is filled and checked here. */
export interface KerasLayersModel {
  readonly layers: readonly {
    readonly name: string;
    readonly inboundNodes: readonly { readonly inputShapes: readonly unknown[] }[];
    getClassName(): string;
    getConfig(): Readonly<Record<string, unknown>>;
  }[];
  loadWeights(weights: object): void;
  dispose(): unknown;
}

/**
 * What {@link KerasRuntime} really is, for the classes that are made from it. Types alone: nothing
 * is loaded, and nothing of it is in a public signature.
 */
export type Tfjs = typeof core & typeof layers;
