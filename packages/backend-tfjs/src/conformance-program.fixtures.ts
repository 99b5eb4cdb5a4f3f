import { tfjs, type TfjsDevice } from "@mlops/backend-tfjs";
import { checkBackend } from "@mlops/core/testing";

import { conformanceModel } from "./conformance-models.fixtures.ts";

// Run by scripts/packages/tfjs-conformance.ts as a program, on a Node that the test runner does not
// support: `node program.mjs <path of tfjs-node>`. One line for each engine.

const [tfjsNode] = process.argv.slice(2);
const engines: readonly (readonly [TfjsDevice, number])[] = [
  ["cpu", 64],
  ["wasm", 256],
  ...(tfjsNode === undefined ? [] : ([["tensorflow", 512]] as const)),
];

for (const [device, slowWidth] of engines) {
  const modules =
    device === "tensorflow" ? { "@tensorflow/tfjs-node": async () => importDefault(tfjsNode!) } : undefined;
  const { passed, failed, skipped } = await checkBackend({
    backend: tfjs({ device, modules }),
    models: (name) => conformanceModel(name, { slowWidth }),
  });
  const failures = failed.map(({ test, error }) => `${test}: ${String(error)}`);
  process.stdout.write(
    `${device} ${passed.length} ${failed.length} ${skipped.length} ${failures.join("; ")}\n`,
  );
  if (failed.length > 0 || passed.length === 0) process.exitCode = 1;
}

async function importDefault(path: string): Promise<object> {
  const module = (await import(path)) as { readonly default: object };
  return module.default;
}
