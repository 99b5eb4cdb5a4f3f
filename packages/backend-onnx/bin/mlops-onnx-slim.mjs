#!/usr/bin/env node
// @ts-check
// Plain JavaScript, so that it runs from the installed package and from the sources alike.
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

const usage = `Usage: mlops-onnx-slim [--platform <os-arch>]... [--package <folder>] [--write]

Removes the binaries of other platforms from onnxruntime-node's bin folder. Without --write it
only says what it would remove.

  --platform  what to keep, such as linux-x64; may be given several times. Default: this machine's
  --package   the folder of onnxruntime-node. Default: the one that is found from here
  --write     really remove
  --help      this text
`;

/** Where onnxruntime-node's package is: beside who calls, or beside this package. */
function findPackage() {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve("onnxruntime-node/package.json"));
    } catch {
      // Not there; the next place may have it.
    }
  }
  throw new Error("onnxruntime-node is not installed here; name its folder with --package.");
}

/**
 * The folders of binaries: `bin/napi-v<n>/<os>/<arch>`, and nothing else.
 *
 * @param {string} folder - The package's folder.
 */
function findBinaries(folder) {
  const manifest = join(folder, "package.json");
  const name = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).name : undefined;
  if (name !== "onnxruntime-node") throw new Error(`${folder} is not the package onnxruntime-node.`);
  const bin = join(realpathSync(folder), "bin");
  if (!existsSync(bin)) throw new Error(`${folder} has no bin folder.`);
  const binaries = [];
  for (const version of foldersIn(bin).filter((one) => /^napi-v\d+$/.test(one))) {
    for (const os of foldersIn(join(bin, version))) {
      for (const arch of foldersIn(join(bin, version, os))) {
        const path = join(bin, version, os, arch);
        if (!realpathSync(path).startsWith(bin + sep)) throw new Error(`${path} leads out of ${bin}.`);
        binaries.push({ path, platform: `${os}-${arch}`, sizeBytes: sizeOf(path) });
      }
    }
  }
  return binaries;
}

/** @param {string} folder - Its real folders; links are left out. */
function foldersIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * @param {string} path - A file or folder.
 * @returns {number} Its bytes.
 */
function sizeOf(path) {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** @param {number} bytes - In decimal units, as disks and registries count. */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB (${bytes.toLocaleString("en-GB")} bytes)`;
}

function main() {
  const { values } = parseArgs({
    options: {
      platform: { type: "string", multiple: true },
      package: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return process.stdout.write(usage);
  const keep = values.platform ?? [`${process.platform}-${process.arch}`];
  const folder = values.package === undefined ? findPackage() : resolve(values.package);
  const binaries = findBinaries(folder);
  for (const platform of keep) {
    if (binaries.some((one) => one.platform === platform)) continue;
    const present = binaries.map((one) => one.platform).join(", ") || "none";
    throw new Error(`There are no binaries for ${platform}; there are those for: ${present}.`);
  }
  const before = sizeOf(folder);
  let removedBytes = 0;
  process.stdout.write(`${folder}\n`);
  for (const { path, platform, sizeBytes } of binaries) {
    const isKept = keep.includes(platform);
    const verb = isKept ? "keep" : values.write ? "removed" : "remove";
    if (!isKept) removedBytes += sizeBytes;
    if (!isKept && values.write) rmSync(path, { recursive: true });
    process.stdout.write(`  ${verb.padEnd(8)}${platform.padEnd(14)}${megabytes(sizeBytes)}\n`);
  }
  const after = values.write ? sizeOf(folder) : before - removedBytes;
  process.stdout.write(`before  ${megabytes(before)}\nafter   ${megabytes(after)}\n`);
  if (!values.write && removedBytes > 0) process.stdout.write("Nothing was removed; add --write to do it.\n");
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
