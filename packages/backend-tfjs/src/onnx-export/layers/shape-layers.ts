import { int, string } from "@mlops/onnx-builder/write";

import type { GraphWriter } from "../graph-writer.ts";
import type { LayerCall, Value } from "../layer-call.ts";
import { unsupported } from "../unsupported.ts";
import type { WriteLayer } from "../write-layer.ts";
import { axisOf } from "./plain-layers.ts";

/** The margins of the two image axes. */
const marginsOf = ({ config }: LayerCall, key: string): readonly [number, number, number, number] => {
  const [rows, columns] = config
    .list(key)
    .map((pair) => (Array.isArray(pair) ? pair.map(Number) : [Number(pair), Number(pair)]));
  return [rows?.[0] ?? 0, rows?.[1] ?? 0, columns?.[0] ?? 0, columns?.[1] ?? 0];
};

/** Layers that move elements without computing on them, and `Dot`. */
export const shapeLayers: Readonly<Record<string, WriteLayer>> = {
  Concatenate: ({ layer, config, inputs }, { writer }) => [
    writer.add(
      layer.name,
      "Concat",
      inputs.map(({ name }) => name),
      {
        axis: int(axisOf(config.number("axis", -1), inputs[0])),
      },
    ),
  ],
  Dot: writeDot,
  Flatten: ({ layer, config, inputs: [input] }, { writer }) => {
    const rank = input.shape.length;
    const isLast = config.text("dataFormat", "channelsLast") === "channelsLast" || rank < 3;
    // TensorFlow.js flattens as if the channels were last.
    const others = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
    const value = isLast ? input.name : writer.transpose(layer.name, input.name, [0, ...others, 1]);
    return [writer.add(layer.name, "Flatten", [value], { axis: int(1) })];
  },
  Permute: ({ layer, config, inputs }, { writer }) => [
    writer.transpose(layer.name, inputs[0].name, [0, ...config.list("dims").map(Number)]),
  ],
  RepeatVector: ({ layer, config, inputs }, { writer }) => {
    const wide = writer.unsqueeze(layer.name, inputs[0].name, 1);
    return [
      writer.add(layer.name, "Tile", [
        wide,
        writer.integers(`${layer.name}/repeats`, [1, config.number("n", 1), 1]),
      ]),
    ];
  },
  Reshape: ({ layer, config, inputs }, { writer }) => [
    // 0 keeps the size, which is that of the batch.
    writer.reshape(layer.name, inputs[0].name, [
      0,
      ...config.list("targetShape").map((size) => (size === null ? -1 : Number(size))),
    ]),
  ],
  Cropping2D: (call, { writer }) => {
    const [top, bottom, left, right] = marginsOf(call, "cropping");
    const { layer, inputs } = call;
    const end = (margin: number): number => (margin === 0 ? 2 ** 31 : -margin);
    return [
      writer.add(layer.name, "Slice", [
        inputs[0].name,
        writer.integers(`${layer.name}/starts`, [top, left]),
        writer.integers(`${layer.name}/ends`, [end(bottom), end(right)]),
        writer.integers(`${layer.name}/axes`, [1, 2]),
      ]),
    ];
  },
  ZeroPadding2D: (call, { writer }) => {
    const [top, bottom, left, right] = marginsOf(call, "padding");
    const pads = writer.integers(`${call.layer.name}/pads`, [0, top, left, 0, 0, bottom, right, 0]);
    return [writer.add(call.layer.name, "Pad", [call.inputs[0].name, pads])];
  },
  UpSampling2D: ({ layer, config, inputs }, { writer }) => {
    if (config.text("interpolation", "nearest") !== "nearest") {
      throw unsupported(
        `A bilinear UpSampling2D layer, ${JSON.stringify(layer.name)},`,
        'Use interpolation "nearest".',
      );
    }
    const scales = writer.floats(`${layer.name}/scales`, [1, ...config.numbers("size", 2, 2), 1]);
    return [
      writer.add(layer.name, "Resize", [inputs[0].name, "", scales], {
        mode: string("nearest"),
        coordinate_transformation_mode: string("asymmetric"),
        nearest_mode: string("floor"),
      }),
    ];
  },
};

/** TensorFlow.js's smallest divisor of a normalized vector, squared. */
const smallestSquare = 1e-7;

function writeDot(
  { layer, config, inputs }: LayerCall,
  { writer }: { readonly writer: GraphWriter },
): readonly string[] {
  const [one, other] = inputs;
  const ranks = [one.shape.length, other?.shape.length];
  const given = config.list("axes").map(Number);
  const [first = 0, second = 0] = given.length === 2 ? given : [config.number("axes"), config.number("axes")];
  if (other === undefined || ranks[0] !== 2 || ranks[1] !== 2) {
    throw unsupported(
      `The layer ${JSON.stringify(layer.name)} (Dot) on other tensors than two of rank 2`,
      "Flatten them.",
    );
  }
  if (axisOf(first, one) !== 1 || axisOf(second, other) !== 1) {
    throw unsupported(`The option axes of the layer ${JSON.stringify(layer.name)} (Dot)`, "Use axes=1.");
  }
  const [x, y] = [one, other].map((value) =>
    config.flag("normalize") ? normalize(writer, layer.name, value) : value.name,
  );
  const product = writer.add(layer.name, "Mul", [x ?? "", y ?? ""]);
  return [sumOf(writer, layer.name, product)];
}

function sumOf(writer: GraphWriter, scope: string, input: string): string {
  return writer.add(scope, "ReduceSum", [input, writer.integers(`${scope}/axes`, [1])], { keepdims: int(1) });
}

function normalize(writer: GraphWriter, scope: string, { name }: Value): string {
  const squares = sumOf(writer, scope, writer.add(scope, "Mul", [name, name]));
  const bounded = writer.add(scope, "Max", [squares, writer.scalar(`${scope}/smallest`, smallestSquare)]);
  return writer.add(scope, "Div", [name, writer.add(scope, "Sqrt", [bounded])]);
}
