import { expect, test } from "vitest";

import { exceptionTable, operatorTable, suiteTable } from "./operator-table.ts";
import type { SuiteResult } from "./suite-result.ts";

const cpu: SuiteResult = {
  suite: "onnx-1",
  device: "cpu",
  runtime: "runtime 1",
  cases: 7,
  passed: 5,
  exceptions: [{ reason: "no kernel", cases: ["b", "c"] }],
  operators: { Abs: [2, 2], Add: [1, 2], Xor: [0, 1], "ai.onnx.ml:Scaler": [2, 2] },
};
const gpu: SuiteResult = { ...cpu, operators: { Abs: [2, 2], Add: [1, 2] }, onCpu: ["Add"] };
const columns = [
  { title: "CPU", result: cpu },
  { title: "GPU", result: gpu },
];

test("operators have a row each, devices a column", () => {
  expect(operatorTable(columns)).toEqual([
    ["`Abs`", "all 2", "all 2"],
    ["`Add`", "1 of 2", "1 of 2, on the CPU"],
    ["`Xor`", "none of 1", ""],
    ["`Scaler` (ai.onnx.ml)", "all 2", ""],
  ]);
});

test("devices have a row each, and reasons", () => {
  expect(suiteTable(columns)[0]).toEqual(["CPU", "runtime 1", "onnx 1", "7", "5", "2"]);
  expect(exceptionTable(columns)).toEqual([["no kernel", "CPU (onnx 1): 2; GPU (onnx 1): 2"]]);
});
