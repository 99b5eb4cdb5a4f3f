import type { serialization, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";

import { resetAfterNames } from "./layers/convert-layer.ts";
import type { Tfjs } from "./runtime.ts";

/** A class that TensorFlow.js can register. */
type Registrable = serialization.SerializableConstructor<serialization.Serializable>;

/** The options of the cell, camel case as TensorFlow.js has them. */
interface ResetAfterGruCellArgs {
  readonly units: number;
  readonly activation: string;
  readonly recurrentActivation: string;
  readonly useBias?: boolean;
  readonly kernelInitializer: serialization.ConfigDict;
  readonly recurrentInitializer: serialization.ConfigDict;
  readonly biasInitializer: serialization.ConfigDict;
}

/**
 * The layer and the cell of a gated recurrent unit whose reset gate works after the product with the state, which
 * is what Keras and cuDNN compute and TensorFlow.js's own cell does not:
 *
 * h' = z·h + (1 - z)·tanh(x·W + b + r·(h·U + c)), with the gates z and r of the sigmoids alike, and
 * a bias for the input and one for the state.
 *
 * @see Cho et al. (2014), https://arxiv.org/abs/1406.1078v1, the first version.
 */
export function resetAfterGru(tf: Tfjs): readonly Registrable[] {
  // The initializers are of a class that the layers know by its configuration.
  type Initializer = ReturnType<typeof tf.initializers.zeros>;
  const initializer = (config: serialization.ConfigDict): Initializer => {
    const { classNameMap } = tf.serialization.SerializationMap.getMap();
    const className = config["className"];
    const [constructor] = (typeof className === "string" ? classNameMap[className] : undefined) ?? [];
    // What is registered as an initializer makes initializers.
    return constructor === undefined
      ? tf.initializers.zeros()
      : (new constructor(config["config"]) as Initializer);
  };

  class ResetAfterGruCell extends tf.layers.RNNCell {
    static className: string = resetAfterNames.GRUCell;
    readonly stateSize: number;
    readonly #args: ResetAfterGruCellArgs;
    #kernel: LayerVariable | undefined;
    #recurrentKernel: LayerVariable | undefined;
    #bias: LayerVariable | undefined;

    constructor(args: ResetAfterGruCellArgs) {
      super({});
      this.#args = args;
      this.stateSize = args.units;
    }

    override build(inputShape: number[]): void {
      const { units, useBias, kernelInitializer, recurrentInitializer, biasInitializer } = this.#args;
      const inputSize = inputShape.at(-1) ?? 0;
      const add = (name: string, shape: number[], start: serialization.ConfigDict): LayerVariable =>
        this.addWeight(name, shape, "float32", initializer(start));
      this.#kernel = add("kernel", [inputSize, 3 * units], kernelInitializer);
      this.#recurrentKernel = add("recurrent_kernel", [units, 3 * units], recurrentInitializer);
      if (useBias !== false) this.#bias = add("bias", [2, 3 * units], biasInitializer);
      this.built = true;
    }

    override call(inputs: Tensor | Tensor[]): Tensor[] {
      return tf.tidy(() => {
        // The layer around it gives the step's input and the state.
        const [input, state] = inputs as [Tensor2D, Tensor2D];
        const { activation, recurrentActivation } = this.#args;
        const act = tf.layers.activation({ activation: activation as "tanh" });
        const gate = tf.layers.activation({ activation: recurrentActivation as "sigmoid" });
        const [x, h] = [
          this.#product(input, this.#kernel, 0),
          this.#product(state, this.#recurrentKernel, 1),
        ];
        const [xz, xr, xh] = tf.split(x, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
        const [hz, hr, hh] = tf.split(h, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
        // Given a tensor, a layer gives a tensor.
        const z = gate.apply(tf.add(xz, hz)) as Tensor;
        const r = gate.apply(tf.add(xr, hr)) as Tensor;
        const candidate = act.apply(tf.add(xh, tf.mul(r, hh))) as Tensor;
        const next = tf.add(tf.mul(z, state), tf.mul(tf.sub(1, z), candidate));
        return [next, next];
      });
    }

    override getConfig(): serialization.ConfigDict {
      return { ...super.getConfig(), ...this.#args, resetAfter: true };
    }

    #product(input: Tensor2D, kernel: LayerVariable | undefined, biasRow: number): Tensor2D {
      if (kernel === undefined) throw new Error("The cell is not built.");
      const product = tf.matMul(input, kernel.read() as Tensor2D);
      if (this.#bias === undefined) return product as Tensor2D;
      const bias = tf.slice(this.#bias.read() as Tensor2D, [biasRow, 0], [1, -1]);
      // Two axes, as both have.
      return tf.add(product, bias) as Tensor2D;
    }
  }

  class ResetAfterGru extends tf.layers.RNN {
    static override className: string = resetAfterNames.GRU;

    constructor(args: ResetAfterGruCellArgs) {
      super({ ...args, cell: new ResetAfterGruCell(args) });
    }

    override getConfig(): serialization.ConfigDict {
      return { ...this.cell.getConfig(), ...super.getConfig() };
    }

    /** That of its superclass would look for the cell's configuration. */
    static override fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      return new cls(config);
    }
  }

  return [ResetAfterGruCell, ResetAfterGru];
}
