import { isRecord } from "./model-json.ts";

/**
 * The operations for which TensorFlow.js has to wait: control flow, those whose result has a size
 * that only the data tell, and tables.
 */
const waitingOperations: ReadonlySet<unknown> = new Set([
  "Switch",
  "Merge",
  "Enter",
  "Exit",
  "NextIteration",
  "StatelessIf",
  "StatelessWhile",
  "If",
  "While",
  "if",
  "NonMaxSuppressionV2",
  "NonMaxSuppressionV3",
  "NonMaxSuppressionV4",
  "NonMaxSuppressionV5",
  "Where",
  "ListDiff",
  "HashTable",
  "HashTableV2",
  "LookupTableImport",
  "LookupTableImportV2",
  "LookupTableFind",
  "LookupTableFindV2",
  "LookupTableSize",
  "LookupTableSizeV2",
]);

/**
 * Whether computing these outputs meets an operation that has to wait. A graph without one has to
 * be run without waiting, and one with one cannot be.
 *
 * @param outputs - Names of nodes, or of their outputs, such as `dense/BiasAdd:0`.
 */
export function hasToWait(topology: object, outputs: readonly string[]): boolean {
  const nodes = new Map<string, { readonly op: unknown; readonly input: readonly string[] }>();
  const list: unknown = Reflect.get(topology, "node");
  for (const node of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    if (!isRecord(node)) continue;
    const { name, op, input } = node;
    const isText = (item: unknown): item is string => typeof item === "string";
    if (isText(name)) nodes.set(name, { op, input: Array.isArray(input) ? input.filter(isText) : [] });
  }
  const seen = new Set<string>();
  const frontier = [...outputs];
  for (;;) {
    const reference = frontier.pop();
    if (reference === undefined) return false;
    const name = reference.replace(/^\^/, "").replace(/:.*$/, "");
    if (seen.has(name)) continue;
    seen.add(name);
    const node = nodes.get(name);
    if (node === undefined) continue;
    if (waitingOperations.has(node.op)) return true;
    frontier.push(...node.input);
  }
}
