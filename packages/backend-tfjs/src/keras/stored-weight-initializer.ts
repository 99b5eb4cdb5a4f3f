import type { serialization, Tensor } from "@tensorflow/tfjs-core";

import type { Tfjs } from "./runtime.ts";

/** The name under which {@link storedWeightInitializer} is registered with TensorFlow.js. */
export const storedWeightName = "MlopsStoredWeight";

const shown = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/**
 * An initializer that gives zeros of a shape that a file has for the weight, and throws when the
 * layer asks for another one: before any memory is taken, whatever sizes a hostile file tells.
 */
export function storedWeightInitializer(
  tf: Tfjs,
): serialization.SerializableConstructor<serialization.Serializable> {
  const zeros = tf.initializers.zeros();
  return class StoredWeight extends tf.serialization.Serializable {
    static className: string = storedWeightName;
    readonly #shapes: readonly (readonly number[])[];

    constructor({ shapes }: { readonly shapes: readonly (readonly number[])[] }) {
      super();
      this.#shapes = shapes;
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
      if (!this.#shapes.some((stored) => shown(stored) === shown(shape))) {
        const stored = this.#shapes.map(shown).join(" or ");
        throw new Error(`a weight of the shape ${stored} is for a layer that takes ${shown(shape)}`);
      }
      return zeros.apply([...shape], dtype);
    }

    getConfig(): serialization.ConfigDict {
      return { shapes: this.#shapes.map((shape) => [...shape]) };
    }
  };
}
