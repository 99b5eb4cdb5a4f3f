import { join } from "node:path";

import { expect, test } from "vitest";

import { describeWith, requirement } from "../../../scripts/test/requirement.ts";
import { useVulkanDriver } from "../../../scripts/test/use-vulkan-driver.ts";
import { chooseRepresentative } from "./choose-representative.ts";
import type { DeviceUnderTest } from "./device-under-test.ts";
import { findStale } from "./find-stale.ts";
import { nodeCpu, nodeWasm, nodeWebGpu } from "./node-devices.ts";
import { runSuite } from "./suite-result.ts";
import { casesIn, readResult, representativeCases, suites } from "./suites.ts";

const timeoutMs = 120_000;

/** Runs a suite, and holds it against the bare runtime and against what is checked in. */
async function expectAsRecorded(
  suite: string,
  device: DeviceUnderTest,
  cases: ReturnType<typeof casesIn>,
): Promise<void> {
  const recorded = readResult(suite, device.device);
  const { result, disagreements } = await runSuite({ suite, ...device, ...cases });
  expect(disagreements).toEqual([]);
  // `pnpm onnx:conformance --update` records it anew.
  expect(findStale(recorded!, result)).toEqual([]);
}

for (const { name, part, folder } of Object.values(suites)) {
  describeWith(requirement(part), `the cases of ${name}`, ({ path }) => {
    test("pass on the CPU where they pass by the bare runtime", { timeout: timeoutMs }, () =>
      expectAsRecorded(name, nodeCpu(), casesIn(join(path, folder))),
    );

    test("pass on WebAssembly where they pass by the bare runtime", { timeout: timeoutMs }, async () =>
      expectAsRecorded(name, await nodeWasm(), casesIn(join(path, folder))),
    );
  });
}

describeWith(requirement("onnx-cases"), "the representative cases", ({ path }) => {
  const { name, folder } = suites.current;
  const cases = join(path, folder);

  test("are chosen by rule", () => {
    expect(chooseRepresentative(cases, readResult(name, "cpu")!)).toEqual(representativeCases());
  });

  describeWith(requirement("webgpu"), "on WebGPU", (driver) => {
    useVulkanDriver(driver.path);

    test("pass where they pass by the bare runtime", { timeout: timeoutMs }, () =>
      expectAsRecorded(name, nodeWebGpu(), casesIn(cases, representativeCases())),
    );
  });
});
