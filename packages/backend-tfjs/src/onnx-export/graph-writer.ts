import { type Attributes, int, ints, type Node, node, type Tensor } from "@mlops/onnx-builder/write";

/** Gathers the nodes and the constants of an ONNX graph, and gives each value a name of its own. */
export class GraphWriter {
  readonly nodes: Node[] = [];
  readonly initializers: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>;
  readonly #names = new Set<string>();

  /** A name that no other value has: `wanted`, or it with a number. */
  reserve(wanted: string): string {
    let name = wanted;
    for (let number = 1; this.#names.has(name); number += 1) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }

  /** Adds a node with one output. Gives the output's name, which begins with `scope`. */
  add(scope: string, opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.addMany(scope, opType, inputs, 1, attributes)[0] ?? "";
  }

  /** Adds a node with several outputs. */
  addMany(
    scope: string,
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Attributes = {},
  ): readonly string[] {
    const names = Array.from({ length: outputs }, () => this.reserve(`${scope}/${opType}`));
    this.nodes.push(node(opType, inputs, names, attributes, { name: names[0] ?? "" }));
    return names;
  }

  /** Adds a constant. */
  constant(scope: string, tensor: Tensor): string {
    const name = this.reserve(scope);
    this.initializers[name] = tensor;
    return name;
  }

  floats(scope: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant(scope, { dtype: "float32", shape, data: Float32Array.from(values) });
  }

  integers(scope: string, values: readonly number[]): string {
    const data = BigInt64Array.from(values.map(BigInt));
    return this.constant(scope, { dtype: "int64", shape: [values.length], data });
  }

  scalar(scope: string, value: number): string {
    return this.floats(scope, [value], []);
  }

  transpose(scope: string, input: string, axes: readonly number[]): string {
    return this.add(scope, "Transpose", [input], { perm: ints(axes) });
  }

  reshape(scope: string, input: string, shape: readonly number[]): string {
    return this.add(scope, "Reshape", [input, this.integers(`${scope}/shape`, shape)]);
  }

  squeeze(scope: string, input: string, axis: number): string {
    return this.add(scope, "Squeeze", [input, this.integers(`${scope}/axes`, [axis])]);
  }

  unsqueeze(scope: string, input: string, axis: number): string {
    return this.add(scope, "Unsqueeze", [input, this.integers(`${scope}/axes`, [axis])]);
  }

  /** The same values in the opposite order along an axis. */
  reverse(scope: string, input: string, axis: number): string {
    const part = (name: string, value: number): string => this.integers(`${scope}/${name}`, [value]);
    const lowest = -(2 ** 31) + 1;
    return this.add(scope, "Slice", [
      input,
      part("starts", -1),
      part("ends", lowest),
      part("axes", axis),
      part("steps", -1),
    ]);
  }

  /** A value of floats as 32-bit integers, as an index. */
  toInteger(scope: string, input: string): string {
    return this.add(scope, "Cast", [input], { to: int(6) });
  }

  /** Gives a value a second name, which has been reserved. */
  rename(from: string, to: string): void {
    this.nodes.push(node("Identity", [from], [to], {}, { name: to }));
  }

  /** A value of a type as float32. */
  toFloat(scope: string, input: string, dtype: string): string {
    return dtype === "float32" ? input : this.add(scope, "Cast", [input], { to: int(1) });
  }

  softmax(scope: string, input: string, opType: "Softmax" | "LogSoftmax" = "Softmax"): string {
    return this.add(scope, opType, [input], { axis: int(-1) });
  }
}
