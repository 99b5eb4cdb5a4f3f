import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { identityModel } from "@mlops/onnx-builder";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../bin/mlops-onnx-slim.mjs", import.meta.url));
const installed = realpathSync(fileURLToPath(new URL("../node_modules/onnxruntime-node", import.meta.url)));

let folder: string;
let copy: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "onnx-slim-"));
  copy = join(folder, "node_modules/onnxruntime-node");
  mkdirSync(copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), JSON.stringify({ name: "onnxruntime-node" }));
  for (const [platform, sizeBytes] of Object.entries(platforms)) {
    mkdirSync(join(copy, "bin/napi-v6", platform), { recursive: true });
    writeFileSync(join(copy, "bin/napi-v6", platform, "library"), new Uint8Array(sizeBytes));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const platforms = { "linux/x64": 1000, "linux/arm64": 200, "win32/x64": 30 };
const manifestBytes = JSON.stringify({ name: "onnxruntime-node" }).length;

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function slim(...programArguments: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...programArguments], { cwd: folder }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
    );
  });
}

const left = (): string[] =>
  Object.keys(platforms).filter((platform) => existsSync(join(copy, "bin/napi-v6", platform)));

describe("mlops-onnx-slim", () => {
  test("says what it would remove, and removes nothing", async () => {
    const { code, output, errors } = await slim("--platform", "linux-x64");
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toContain(`keep    linux-x64     0.0 MB (1,000 bytes)`);
    expect(output).toContain(`remove  linux-arm64   0.0 MB (200 bytes)`);
    expect(output).toContain(`before  0.0 MB (${(1230 + manifestBytes).toLocaleString("en-GB")} bytes)`);
    expect(output).toContain(`after   0.0 MB (${(1000 + manifestBytes).toLocaleString("en-GB")} bytes)`);
    expect(output).toMatch(/Nothing was removed; add --write to do it\.\n$/);
    expect(left()).toEqual(Object.keys(platforms));
  });

  test.each([
    [["linux-x64"], ["linux/x64"]],
    [
      ["linux-arm64", "win32-x64"],
      ["linux/arm64", "win32/x64"],
    ],
  ])("keeps %j, and all that is no platform's", async (keep, kept) => {
    writeFileSync(join(copy, "bin/README"), "");
    mkdirSync(join(copy, "bin/other/linux/x64"), { recursive: true });
    const { code } = await slim("--write", ...keep.flatMap((one) => ["--platform", one]));
    expect(code).toBe(0);
    expect(left()).toEqual(kept);
    expect(readdirSync(join(copy, "bin")).toSorted()).toEqual(["README", "napi-v6", "other"]);
    expect(existsSync(join(copy, "bin/other/linux/x64"))).toBe(true);
    // Once more, there is nothing to do.
    expect((await slim("--write", ...keep.flatMap((one) => ["--platform", one]))).code).toBe(0);
  });

  test("leaves what is linked from elsewhere alone", async () => {
    const elsewhere = join(folder, "elsewhere/arm64");
    mkdirSync(elsewhere, { recursive: true });
    symlinkSync(join(folder, "elsewhere"), join(copy, "bin/napi-v6/darwin"));
    expect((await slim("--write", "--platform", "linux-x64")).code).toBe(0);
    expect(existsSync(elsewhere)).toBe(true);
  });

  test.each([
    [
      ["--platform", "linux-mips"],
      /^There are no binaries for linux-mips; there are those for: linux-arm64, linux-x64, win32-x64\.\n$/,
    ],
    [["--package", "."], /is not the package onnxruntime-node\.\n$/],
    [["--package", "nowhere"], /is not the package onnxruntime-node\.\n$/],
    [["--force"], /Unknown option '--force'/],
  ])("refuses %j", async (programArguments, message) => {
    const { code, errors } = await slim("--write", ...programArguments);
    expect(code).toBe(1);
    expect(errors).toMatch(message);
    expect(left()).toEqual(Object.keys(platforms));
  });
});

test.skipIf(process.platform !== "linux" || process.arch !== "x64")(
  "on a copy of the package, leaves linux-x64 its own binaries, which still run a model",
  { timeout: 120_000 },
  async () => {
    rmSync(copy, { recursive: true });
    cpSync(installed, copy, { recursive: true, dereference: true });
    const { code, output } = await slim("--write");
    expect(code).toBe(0);
    const [, before, after] = /before .*\((.*) bytes\)\nafter .*\((.*) bytes\)/
      .exec(output)!
      .map((text) => Number(text.replaceAll(",", "")));
    // 288 MB and 46.5 MB in version 1.30.
    expect(before! / 1e6).toBeGreaterThan(250);
    expect(after! / 1e6).toBeLessThan(60);
    cpSync(join(installed, "../onnxruntime-common"), join(folder, "node_modules/onnxruntime-common"), {
      recursive: true,
      dereference: true,
    });
    const model = Buffer.from(identityModel("float32")).toString("base64");
    const script = `
      const { InferenceSession, Tensor } = require("onnxruntime-node");
      InferenceSession.create(Buffer.from("${model}", "base64"))
        .then((session) => session.run({ x: new Tensor("float32", Float32Array.of(1, 2, 3), [1, 3]) }))
        .then(({ y }) => console.log(y.data.join()));`;
    const { stdout } = await new Promise<{ stdout: string }>((resolve, reject) =>
      execFile(process.execPath, ["-e", script], { cwd: folder }, (error, stdout) =>
        error === null ? resolve({ stdout }) : reject(error),
      ),
    );
    expect(stdout).toBe("1,2,3\n");
  },
);
