import { writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  casesIn,
  chooseRepresentative,
  type DeviceUnderTest,
  type Disagreement,
  findStale,
  nodeCpu,
  nodeWasm,
  nodeWebGpu,
  readResult,
  representativeCases,
  representativePath,
  resultPath,
  runSuite,
  type Suite,
  type SuiteResult,
  suites,
} from "@mlops/onnx-conformance";
import { repositoryRoot } from "./lib/repository.ts";
import { run } from "./lib/run.ts";
import { requirement } from "./test/requirement.ts";
import { useVulkanDriver } from "./test/use-vulkan-driver.ts";

/**
 * `pnpm onnx:conformance`: runs the suites on each device and says in what the records are stale;
 * with `--update` it writes them anew.
 */
async function main(): Promise<void> {
  const update = process.argv.includes("--update");
  for (const suite of [suites.packaged, suites.newest]) await check(suite, nodeCpu(), undefined, update);
  const onCpu = await check(suites.current, nodeCpu(), undefined, update);
  if (update) write(representativePath, chooseRepresentative(folderOf(suites.current), onCpu));
  for (const suite of Object.values(suites)) await check(suite, await nodeWasm(), undefined, update);
  await checkChromium(update);
  const webgpu = requirement("webgpu");
  if (!webgpu.available) return console.log(`webgpu: skipped; ${webgpu.howToGet}.`);
  useVulkanDriver(webgpu.path);
  await check(suites.current, nodeWebGpu(), representativeCases(), update);
}

/** A page does what only it can: the test that runs there records, too. */
async function checkChromium(update: boolean): Promise<void> {
  const vitest = ["run", "--project", "chromium", "tools/onnx-conformance"];
  const env = { ...process.env, UPDATE_CONFORMANCE: String(update) };
  const { code, output } = await run("vitest", vitest, { cwd: repositoryRoot, env });
  console.log(output);
  if (code !== 0) process.exitCode = 1;
}

async function check(
  suite: Suite,
  device: DeviceUnderTest,
  names: readonly string[] | undefined,
  update: boolean,
): Promise<SuiteResult> {
  const cases = casesIn(folderOf(suite), names);
  const { result, disagreements } = await runSuite({ suite: suite.name, ...device, ...cases });
  console.log(`${suite.name} on ${result.device}: ${result.passed} of ${result.cases} passed`);
  if (update) write(resultPath(suite.name, result.device), result);
  const recorded = readResult(suite.name, result.device);
  const stale = recorded === undefined ? ["there is no record"] : findStale(recorded, result);
  for (const problem of [...stale, ...disagreements.map(describeDisagreement)]) {
    console.log(`  ${problem}`);
    process.exitCode = 1;
  }
  return result;
}

function write(path: URL, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

function describeDisagreement({ name, predictor, runtime }: Disagreement): string {
  return `${name}: the Predictor ${JSON.stringify(predictor)}, the bare runtime ${JSON.stringify(runtime)}`;
}

/** @throws Error when the cases are not there. */
function folderOf({ part, folder }: Suite): string {
  const needed = requirement(part);
  if (needed.available) return join(needed.path, folder);
  throw new Error(`${part} is missing: ${needed.howToGet}.`);
}

await main();
