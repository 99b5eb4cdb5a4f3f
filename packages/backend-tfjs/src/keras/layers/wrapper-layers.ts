import { UnsupportedError } from "@mlops/core";

import { toTensorName } from "../graph.ts";
import { expectObject, expectString, field, isArray, type Json, type JsonObject } from "../json.ts";
import { readClassName } from "../model-config.ts";
import { oneOf } from "./options.ts";
import { rnnOptions } from "./recurrent-layers.ts";
import type { ConvertedLayer, LayerRule, OptionPlace, WeightSlot } from "./rule.ts";

/** Converts a layer inside another one, whose weights TensorFlow.js names with `path` before them. */
export type Convert = (className: string, options: JsonObject, path: string) => ConvertedLayer;

/** What a wrapper is converted from. */
interface WrapperToConvert {
  readonly options: JsonObject;
  readonly place: Omit<OptionPlace, "option">;
  readonly path: string;
  readonly convert: Convert;
  /** Reads the wrapper's own options, given how. */
  readonly rest: (options: LayerRule["options"]) => JsonObject;
}

type Wrapper = (wrapper: WrapperToConvert) => ConvertedLayer;

/** Passed over by the reader of the wrapper's own options, because it is read apart. */
const apart = (): undefined => undefined;

/** Layers that hold layers. */
export const wrapperLayers: Readonly<Record<string, Wrapper>> = {
  Bidirectional: ({ options, place, path, convert, rest }) => {
    const own = rest({
      layer: apart,
      backward_layer: apart,
      merge_mode: oneOf("concat", "sum", "mul", "ave", null),
    });
    const inner = layerIn(options, "layer", place);
    const name = toTensorName(nameOf(inner.options) ?? "layer");
    const forward = convert(inner.className, inner.options, `${path}forward_${name}/`);
    const backward = field(options, "backward_layer") ?? null;
    if (backward !== null) {
      const other = layerIn(options, "backward_layer", place);
      const converted = convert(other.className, other.options, `${path}forward_${name}/`);
      if (!mirrors(forward, converted)) {
        throw new UnsupportedError({
          feature: `A backward layer with other options than the forward one, in the Keras layer ${JSON.stringify(place.layer)} (Bidirectional),`,
          remedy: "Give both the same options.",
        });
      }
    }
    const weights = (["forward", "backward"] as const).flatMap((direction) =>
      forward.weights.map((slot) => inside(slot, `${direction}_layer`, `${direction}_${name}/`)),
    );
    const layer = { class_name: forward.className, config: { ...forward.config, name } };
    return { className: "Bidirectional", config: { ...own, layer }, weights };
  },

  TimeDistributed: ({ options, place, path, convert, rest }) => {
    const own = rest({ layer: apart });
    const inner = layerIn(options, "layer", place);
    const { className, config, weights } = convert(inner.className, inner.options, path);
    const name = toTensorName(nameOf(inner.options) ?? "layer");
    return {
      className: "TimeDistributed",
      config: { ...own, layer: { class_name: className, config: { ...config, name } } },
      weights: weights.map((slot) => inside(slot, "layer", "")),
    };
  },

  RNN: ({ options, place, path, convert, rest }) => {
    const own = rest({ ...rnnOptions, cell: apart });
    // Keras gives a list of cells as StackedRNNCells, but older files have the list itself.
    const cells = field(options, "cell");
    const inner = isArray(cells)
      ? { className: "StackedRNNCells", options: { cells } }
      : layerIn(options, "cell", place);
    const { className, config, weights } = convert(inner.className, inner.options, path);
    return {
      className: "RNN",
      config: { ...own, cell: { class_name: className, config } },
      weights: weights.map((slot) => inside(slot, "cell", "")),
    };
  },

  StackedRNNCells: ({ options, place, path, convert, rest }) => {
    rest({ cells: apart });
    const cells = field(options, "cells");
    const counts = new Map<string, number>();
    const converted = (isArray(cells) ? cells : []).map((json, index) => {
      const { className, options: inner } = layerFrom(json, place);
      const cell = convert(className, inner, `${path}RNNCell_${index}/`);
      const group = className
        .replace(/RNNCell$/, "_rnn_cell")
        .replace(/(?<!_rnn)Cell$/, "_cell")
        .toLowerCase();
      const count = counts.get(group) ?? 0;
      counts.set(group, count + 1);
      const part = `cells/${count === 0 ? group : `${group}_${count}`}`;
      return { ...cell, weights: cell.weights.map((slot) => inside(slot, part, `RNNCell_${index}/`)) };
    });
    return {
      className: "StackedRNNCells",
      config: { cells: converted.map(({ className, config }) => ({ class_name: className, config })) },
      weights: converted.flatMap(({ weights }) => weights),
    };
  },
};

interface InnerLayer {
  readonly className: string;
  readonly options: JsonObject;
}

function layerIn(options: JsonObject, key: string, place: { readonly layer: string }): InnerLayer {
  return layerFrom(field(options, key), place);
}

function layerFrom(json: Json | undefined, { layer }: { readonly layer: string }): InnerLayer {
  const part = `the layer inside ${JSON.stringify(layer)}`;
  const object = expectObject(json, part);
  const className = expectString(readClassName(object), part);
  return { className, options: expectObject(field(object, "config"), part) };
}

function nameOf(options: JsonObject): string | undefined {
  const name = field(options, "name");
  return typeof name === "string" ? name : undefined;
}

function inside(slot: WeightSlot, part: string, path: string): WeightSlot {
  return { ...slot, name: path + slot.name, part: slot.part === "" ? part : `${part}/${slot.part}` };
}

/** Whether the second is the first one backwards, which TensorFlow.js takes it for. */
function mirrors(forward: ConvertedLayer, backward: ConvertedLayer): boolean {
  const [one, other] = [comparable(forward), comparable(backward)];
  return one.rest === other.rest && one.backwards !== other.backwards;
}

function comparable({ className, config }: ConvertedLayer): { rest: string; backwards: boolean } {
  const rest = Object.entries(config).filter(([key]) => key !== "go_backwards");
  return { rest: JSON.stringify([className, rest]), backwards: config["go_backwards"] === true };
}
