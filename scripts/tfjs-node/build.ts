import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOrThrow } from "../lib/run.ts";
import { headersVersion, nativeFiles, tensorFlowVersion } from "./cache.ts";

/**
 * Builds the native part of tfjs-node into a folder, unless it is there: TensorFlow's libraries and
 * headers come with its Python package (270 MB) from PyPI, Node's headers from npm, and the
 * compiler is the host's. Takes about a minute.
 *
 * @throws Error when Python with pip or a C++ compiler is missing, or the host is not Linux.
 */
export async function buildNativePart(cache: string, packageFolder: string): Promise<void> {
  if (existsSync(join(cache, nativeFiles.binding))) return;
  if (process.platform !== "linux") {
    throw new Error(
      "Only Linux needs this, and only there it works; elsewhere `npm rebuild @tensorflow/tfjs-node`.",
    );
  }
  mkdirSync(dirname(cache), { recursive: true });
  // Made beside it, and moved when it is whole.
  const work = mkdtempSync(`${cache}-`);
  try {
    await fetchTensorFlow(work);
    await fetchHeaders(work);
    await compile(work, packageFolder);
    for (const folder of ["tensorflow", "package"]) rmSync(join(work, folder), { recursive: true });
    rmSync(cache, { recursive: true, force: true });
    renameSync(work, cache);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchTensorFlow(work: string): Promise<void> {
  const architecture = process.arch === "arm64" ? "aarch64" : "x86_64";
  const wheelOptions = ["--no-deps", "--only-binary=:all:", "--python-version=3.11"];
  const platform = `--platform=manylinux_2_27_${architecture}`;
  const pip = ["-m", "pip", "download", "--quiet", ...wheelOptions, platform];
  await runOrThrow("python3", [...pip, `tensorflow_cpu==${tensorFlowVersion}`], { cwd: work });
  const wheel = fileIn(work, ".whl");
  await runOrThrow("python3", ["-c", unpack, wheel], { cwd: work });
  rmSync(join(work, wheel));
  for (const name of nativeFiles.libraries) renameSync(join(work, "tensorflow", name), join(work, name));
}

/** The libraries and the headers of the wheel, and nothing else of its 1 GB. */
const unpack = `
import sys, zipfile
wanted = ("tensorflow/libtensorflow_", "tensorflow/include/tensorflow/c/", "tensorflow/include/tensorflow/core/platform/",
          "tensorflow/include/tsl/", "tensorflow/include/xla/tsl/", "tensorflow/include/absl/")
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(members=[name for name in wheel.namelist() if name.startswith(wanted)])
`;

async function fetchHeaders(work: string): Promise<void> {
  await runOrThrow("npm", ["pack", "--silent", `node-api-headers@${headersVersion}`], { cwd: work });
  const tarball = fileIn(work, ".tgz");
  await runOrThrow("tar", ["-xzf", tarball], { cwd: work });
  rmSync(join(work, tarball));
}

/** The one file with this ending that was just fetched. */
function fileIn(folder: string, ending: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith(ending));
  if (name === undefined) throw new Error(`No file with the ending ${ending} was fetched.`);
  return name;
}

async function compile(work: string, packageFolder: string): Promise<void> {
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(packageFolder, "binding", name));
  const includes = ["package/include", "tensorflow/include"].map((folder) => `-I${folder}`);
  const options = ["-std=c++17", "-O2", "-shared", "-fPIC", "-w", "-DNAPI_VERSION=8"];
  // Where tfjs-node's own libraries are, seen from its binding.
  const libraryPath = "-Wl,-rpath,$ORIGIN/../../deps/lib";
  await runOrThrow(
    "g++",
    [...options, ...includes, ...sources, "-o", nativeFiles.binding, ...nativeFiles.libraries, libraryPath],
    { cwd: work },
  );
}
