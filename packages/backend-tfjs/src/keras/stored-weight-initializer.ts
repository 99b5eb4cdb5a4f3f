import type { serialization, Tensor } from "@tensorflow/tfjs-core";

import type { Tfjs } from "./runtime.ts";

/** The name under which {@link storedWeightInitializer} is registered with TensorFlow.js. */
export const storedWeightName = "MlopsStoredWeight";

/** The most of a shape that is said in an error. */
const shown = (shape: readonly (number | null)[]): string => `[${shape.join(", ")}]`;

/**
 * An initializer that gives zeros of the shape that a file has for the weight, and throws when the
 * layer asks for another one: before any memory is taken, whatever sizes a hostile file tells.
 */
export function storedWeightInitializer(
  tf: Tfjs,
): serialization.SerializableConstructor<serialization.Serializable> {
  const zeros = tf.initializers.zeros();
  return class StoredWeight extends tf.serialization.Serializable {
    static className: string = storedWeightName;
    readonly #shape: readonly number[];

    constructor({ shape }: { readonly shape: readonly number[] }) {
      super();
      this.#shape = shape;
    }

    static override fromConfig<T extends serialization.Serializable>(
      this: void,
      cls: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      return new cls(config);
    }

    fromConfigUsesCustomObjects(): boolean {
      return false;
    }

    apply(shape: readonly number[], dtype?: "float32"): Tensor {
      if (shape.length !== this.#shape.length || shape.some((size, axis) => size !== this.#shape[axis])) {
        throw new Error(`a weight of the shape ${shown(this.#shape)} is for a layer that takes ${shown(shape)}`);
      }
      return zeros.apply([...shape], dtype);
    }

    getConfig(): serialization.ConfigDict {
      return { shape: [...this.#shape] };
    }
  };
}
