import type { OperatorColumn } from "./operator-table.ts";
import { readResult, suites } from "./suites.ts";

/** The devices with a checked-in result of a suite, in the order of the table. */
const titles: Readonly<Record<string, string>> = {
  cpu: "Node CPU",
  webgpu: "Node WebGPU",
  wasm: "WebAssembly in Node",
  "chromium-wasm": "WebAssembly in Chromium",
  "chromium-webgpu": "WebGPU in Chromium",
};

/** What was found on each device with the suite that the runtime reads all of. */
export function currentResults(): OperatorColumn[] {
  return resultsOf(suites.current.name);
}

/** What was found on each device with every suite. */
export function allResults(): OperatorColumn[] {
  return [suites.current, suites.newest, suites.packaged].flatMap(({ name }) => resultsOf(name));
}

function resultsOf(suite: string): OperatorColumn[] {
  return Object.entries(titles).flatMap(([device, title]) => {
    const result = readResult(suite, device);
    return result === undefined ? [] : [{ title, result }];
  });
}
