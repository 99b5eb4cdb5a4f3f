import { ModelLoadError } from "@mlops/core";

import { isRecord } from "./model-json.ts";

/**
 * Refuses a configuration of layers that TensorFlow.js would never come to an end with, or to the
 * end of the memory: layers that wait for each other in a circle, or for one that there is not, and
 * layers that are larger than all weights together.
 *
 * @param weightCount - How many numbers all of its weights have.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` naming one of these layers.
 */
export function checkLayers(topology: object, weightCount: number, location: string): void {
  const configured: unknown = Reflect.get(topology, "model_config") ?? topology;
  checkModel(configured, { weightCount, location }, 0);
}

interface Limits {
  readonly weightCount: number;
  readonly location: string;
}

/** Settings that a layer has at least as many weights as. */
const sizes = ["units", "filters", "input_dim", "output_dim"];

function checkSizes({ config }: Readonly<Record<string, unknown>>, { weightCount, location }: Limits): void {
  if (!isRecord(config)) return;
  for (const name of sizes) {
    const size = config[name];
    if (typeof size !== "number" || size <= weightCount) continue;
    throw new ModelLoadError({
      location,
      problem: `its layer ${JSON.stringify(config["name"])} has ${name} of ${size}, where all weights together have ${weightCount} numbers`,
    });
  }
}

/** How deep models may lie within models. */
const maxDepth = 32;

function checkModel(model: unknown, limits: Limits, depth: number): void {
  const { location } = limits;
  if (isRecord(model)) checkSizes(model, limits);
  const config = isRecord(model) ? model["config"] : undefined;
  const layers = Array.isArray(config) ? config : isRecord(config) ? config["layers"] : undefined;
  if (!Array.isArray(layers)) return;
  if (depth > maxDepth) {
    throw new ModelLoadError({
      location,
      problem: `models lie more than ${maxDepth} deep within each other`,
    });
  }
  for (const layer of layers) checkModel(layer, limits, depth + 1);
  if (isRecord(config)) checkConnections(layers, location);
}

/** A use of a layer, `name` and the number of the use. */
type Use = string;

function checkConnections(layers: readonly unknown[], location: string): void {
  const waitsFor = new Map<Use, Use[]>();
  for (const layer of layers) {
    if (!isRecord(layer)) continue;
    const name = String(layer["name"] ?? Reflect.get(Object(layer["config"]), "name"));
    const uses = Array.isArray(layer["inbound_nodes"]) ? (layer["inbound_nodes"] as readonly unknown[]) : [];
    // An input is there without being used.
    if (uses.length === 0) waitsFor.set(`${name} 0`, []);
    uses.forEach((use, index) => waitsFor.set(`${name} ${index}`, usesIn(use)));
  }
  const ready = new Set<Use>();
  for (let before = -1; before < ready.size;) {
    before = ready.size;
    for (const [use, needs] of waitsFor) if (needs.every((need) => ready.has(need))) ready.add(use);
    if (ready.size === waitsFor.size) return;
  }
  const [stuck] = [...waitsFor].find(([use]) => !ready.has(use))!;
  const missing = waitsFor.get(stuck)!.find((need) => !waitsFor.has(need));
  throw new ModelLoadError({
    location,
    problem:
      missing === undefined
        ? `its layer ${JSON.stringify(nameOf(stuck))} waits for itself, by way of other layers`
        : `its layer ${JSON.stringify(nameOf(stuck))} takes the output of ${JSON.stringify(nameOf(missing))}, which is not there`,
  });
}

/** What a use takes: `[[name, use, output, options], …]`. */
function usesIn(use: unknown): Use[] {
  const tensors = Array.isArray(use) ? (use as readonly unknown[]) : [];
  return tensors.flatMap((tensor) => {
    if (!Array.isArray(tensor) || typeof tensor[0] !== "string") return [];
    const [name, index = 0, , options] = tensor as readonly unknown[];
    return [`${String(name)} ${String(index)}`, ...usesInOptions(options)];
  });
}

/** Tensors that a layer takes beside its inputs, such as an initial state. */
function usesInOptions(options: unknown): Use[] {
  return isRecord(options) ? Object.values(options).flatMap((value) => usesIn([value])) : [];
}

const nameOf = (use: Use): string => use.slice(0, use.lastIndexOf(" "));
