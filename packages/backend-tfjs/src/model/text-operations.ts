import { UnsupportedError } from "@mlops/core";

import type { TfjsDevice } from "../device.ts";
import { isRecord } from "./model-json.ts";

/** Operations that only pass text on, which every engine does. */
const passing = /^(Placeholder|PlaceholderWithDefault|Const|Identity|Reshape|ExpandDims|Squeeze|NoOp)$/;

/** Operations on text that TensorFlow.js has written in JavaScript alone. */
const javaScriptOnly = /^(StringSplit|StringNGrams|StringToHashBucketFast|StaticRegexReplace)$/;

/**
 * Refuses an engine whose operations do not take the text that a graph works on: WebAssembly would
 * be aborted by it, and of no more use to any other model.
 *
 * @throws UnsupportedError `UNSUPPORTED` naming the operations.
 */
export function checkTextOperations(topology: object, device: TfjsDevice): void {
  if (device === "cpu") return;
  const names = new Set<string>();
  for (const { op, attr } of allNodes(topology)) {
    const hasText = Object.values(attr).some((value) => isRecord(value) && isTextType(value["type"]));
    if (javaScriptOnly.test(op) || (device !== "tensorflow" && hasText && !passing.test(op))) names.add(op);
  }
  if (names.size === 0) return;
  throw new UnsupportedError({
    feature: `Text in ${[...names].toSorted().join(", ")} on ${device}`,
    remedy: 'Use the device "cpu" for this model.',
  });
}

function isTextType(type: unknown): boolean {
  return type === "DT_STRING" || type === 7;
}

function allNodes(topology: object): { readonly op: string; readonly attr: object }[] {
  const library: unknown = Reflect.get(topology, "library");
  const functions = isRecord(library) && Array.isArray(library["function"]) ? library["function"] : [];
  const lists: unknown[] = [
    Reflect.get(topology, "node"),
    ...functions.map((each: unknown) => (isRecord(each) ? each["nodeDef"] : undefined)),
  ];
  return lists.flatMap((list) =>
    (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((node) => {
      const { op, attr = {} } = isRecord(node) ? node : {};
      return typeof op === "string" && isRecord(attr) ? [{ op, attr }] : [];
    }),
  );
}
