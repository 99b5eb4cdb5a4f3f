import { FormatProblem } from "./format-problem.ts";
import type { TensorReference } from "./calls.ts";
import type { LayerConfig, ModelConfig } from "./model-config.ts";

/** A model without models inside: every layer by a name of its own. */
export interface Graph {
  readonly name: string;
  /** In an order in which each layer comes after those that its first call takes from. */
  readonly layers: readonly GraphLayer[];
  /** The calls of all layers, each after those that it takes from. */
  readonly calls: readonly GraphCall[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** A layer of a {@link Graph}. */
export interface GraphLayer {
  /** Unique in the graph, and a name that TensorFlow.js takes. */
  readonly name: string;
  readonly config: LayerConfig;
  readonly calls: GraphCall[];
}

/** One call of a layer. */
export interface GraphCall {
  readonly layer: GraphLayer;
  readonly inputs: readonly GraphValue[];
}

/** One output of a call. */
export interface GraphValue {
  readonly call: GraphCall;
  readonly tensor: number;
}

/** The most calls that a model may have, those of the models inside counted each time. */
const mostCalls = 20_000;

/**
 * Takes the models inside a model apart, so that what is left is layers and their calls.
 *
 * @throws FormatProblem when the configuration is cyclic, refers to what is not there, or has
 *   more than 20,000 calls.
 */
export function toGraph(model: ModelConfig): Graph {
  const builder = new GraphBuilder();
  const inputs = model.inputs.map((reference) => builder.addInput(model, reference.layer));
  const outputs = builder.apply(model, inputs);
  return { name: model.name, layers: builder.layers, calls: builder.calls, inputs, outputs };
}

class GraphBuilder {
  readonly layers: GraphLayer[] = [];
  readonly calls: GraphCall[] = [];
  readonly #byConfig = new Map<LayerConfig, GraphLayer>();
  readonly #names = new Set<string>();

  addInput(model: ModelConfig, name: string): GraphValue {
    const config = model.layers.find((layer) => layer.name === name);
    if (config?.className !== "InputLayer") {
      throw new FormatProblem(`its input ${JSON.stringify(name)} is no input layer`);
    }
    return this.#call(config, [], "");
  }

  /** The outputs of a model for these inputs. */
  apply(model: ModelConfig, inputs: readonly GraphValue[], prefix = ""): readonly GraphValue[] {
    if (inputs.length !== model.inputs.length) {
      throw new FormatProblem(
        `its model ${JSON.stringify(model.name)} takes ${model.inputs.length} inputs and is called with ${inputs.length}`,
      );
    }
    const results = new Map<string, (tensor: number) => GraphValue | undefined>();
    model.inputs.forEach(({ layer }, index) => results.set(`${layer}/0`, () => inputs[index]));
    const waiting = new Waiting();
    for (const layer of model.layers) {
      if (layer.className === "InputLayer") continue;
      layer.calls.forEach((references, node) => {
        const missing = references.map(keyOf).filter((key) => !results.has(key));
        waiting.add({ layer, node, missing: new Set(missing) });
      });
    }
    const valueOf = (reference: TensorReference): GraphValue => {
      const value = results.get(keyOf(reference))?.(reference.tensor);
      if (value !== undefined) return value;
      throw new FormatProblem(
        `its configuration is cyclic, or has no layer ${JSON.stringify(reference.layer)}`,
      );
    };
    for (let ready = waiting.next(); ready !== undefined; ready = waiting.next()) {
      const { layer, node } = ready;
      const values = (layer.calls[node] ?? []).map(valueOf);
      const key = `${layer.name}/${node}`;
      if (results.has(key)) {
        throw new FormatProblem(
          `its model ${JSON.stringify(model.name)} has two layers ${JSON.stringify(layer.name)}`,
        );
      }
      if (layer.model === undefined) {
        const { call } = this.#call(layer, values, prefix);
        results.set(key, (tensor) => ({ call, tensor }));
      } else {
        const outputs = this.apply(layer.model, values, `${prefix}${layer.name}_`);
        results.set(key, (tensor) => outputs[tensor]);
      }
      waiting.arrived(key);
    }
    waiting.expectNone();
    return model.outputs.map(valueOf);
  }

  #call(config: LayerConfig, inputs: readonly GraphValue[], prefix: string): GraphValue {
    if (this.calls.length >= mostCalls)
      throw new FormatProblem(`its configuration has more than ${mostCalls} calls`);
    let layer = this.#byConfig.get(config);
    if (layer === undefined) {
      layer = { name: this.#nameFor(config.name, prefix), config, calls: [] };
      this.#byConfig.set(config, layer);
      this.layers.push(layer);
    }
    const call = { layer, inputs };
    layer.calls.push(call);
    this.calls.push(call);
    return { call, tensor: 0 };
  }

  /** The layer's own name where it is free, else with the names of the models around it, else with a number. */
  #nameFor(own: string, prefix: string): string {
    const candidates = [toTensorName(own), toTensorName(`${prefix}${own}`)];
    let name = candidates.find((candidate) => !this.#names.has(candidate));
    for (let number = 1; name === undefined; number += 1) {
      const candidate = `${candidates[1]}_${number}`;
      if (!this.#names.has(candidate)) name = candidate;
    }
    this.#names.add(name);
    return name;
  }
}

function keyOf({ layer, node }: TensorReference): string {
  return `${layer}/${node}`;
}

/**
 * A name that TensorFlow.js takes for a layer, and that is none of an object's inherited
 * properties, for it looks layers up in plain objects.
 */
export function toTensorName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, "_").replace(/^[^A-Za-z0-9]+/, "");
  return plain === "" || plain in {} ? `layer_${plain}` : plain;
}

/** A call of a layer that waits for the results, by key, that it takes. */
interface WaitingCall {
  readonly layer: LayerConfig;
  readonly node: number;
  readonly missing: Set<string>;
}

/** Calls in the order in which their inputs are there. */
class Waiting {
  readonly #ready: WaitingCall[] = [];
  readonly #byKey = new Map<string, WaitingCall[]>();
  readonly #blocked = new Set<WaitingCall>();
  #position = 0;

  add(call: WaitingCall): void {
    if (call.missing.size === 0) {
      this.#ready.push(call);
      return;
    }
    this.#blocked.add(call);
    for (const key of call.missing) {
      const calls = this.#byKey.get(key);
      if (calls === undefined) this.#byKey.set(key, [call]);
      else calls.push(call);
    }
  }

  next(): WaitingCall | undefined {
    this.#position += 1;
    return this.#ready[this.#position - 1];
  }

  arrived(key: string): void {
    for (const call of this.#byKey.get(key) ?? []) {
      call.missing.delete(key);
      if (call.missing.size > 0) continue;
      this.#blocked.delete(call);
      this.#ready.push(call);
    }
  }

  expectNone(): void {
    const [call] = this.#blocked;
    if (call === undefined) return;
    const [missing = ""] = call.missing;
    throw new FormatProblem(
      `its configuration is cyclic, or refers to what is not there: the layer ${JSON.stringify(call.layer.name)} ` +
        `waits for ${JSON.stringify(missing.slice(0, missing.lastIndexOf("/")))}`,
    );
  }
}
