import { onnx } from "@mlops/backend-onnx";
import { expect, test } from "vitest";
import { commands } from "vitest/browser";

import { describeWith } from "../../../scripts/test/describe-with.ts";
import type { EncodedCase } from "../../../scripts/test/conformance-commands.ts";
import { chromiumWasm, chromiumWebGpu } from "./browser-devices.ts";
import { type CaseFiles, readCase } from "./conformance-case.ts";
import { byPredictor } from "./execute.ts";
import { runCase } from "./run-case.ts";
import { runSuite } from "./suite-result.ts";

const timeoutMs = 300_000;

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0)!);
}

function decodeCase({ name, model, inputs, outputs }: EncodedCase): CaseFiles {
  return { name, model: decode(model), inputs: inputs.map(decode), outputs: outputs.map(decode) };
}

describeWith(await commands.findRequirement("onnx-cases"), "the representative cases, in Chromium", () => {
  test.each([
    ["WebAssembly", chromiumWasm],
    ["WebGPU", chromiumWebGpu],
  ])("pass on %s where they pass by the bare runtime", { timeout: timeoutMs }, async (_title, start) => {
    const { suite, cases: encoded } = await commands.readConformanceCases();
    const cases = new Map(encoded.map((one) => [one.name, decodeCase(one)]));
    const { result, disagreements } = await runSuite({
      suite,
      ...(await start()),
      names: [...cases.keys()],
      read: (name) => cases.get(name)!,
    });
    expect(disagreements).toEqual([]);
    // `pnpm onnx:conformance --update` records it anew.
    expect(await commands.compareWithRecord(result)).toEqual([]);
  });

  test("what WebGPU's build refuses runs on WebAssembly by a chain", async () => {
    const { cases } = await commands.readConformanceCases();
    const strings = readCase(decodeCase(cases.find(({ name }) => name === "test_string_concat")!));
    const [webgpu, chain] = [onnx({ device: "webgpu" }), onnx({ device: ["webgpu", "wasm"] })];
    expect(await runCase(strings, byPredictor(webgpu))).toMatchObject({ passed: false, kind: "error" });
    expect(await runCase(strings, byPredictor(chain))).toEqual({ passed: true });
  });
});
