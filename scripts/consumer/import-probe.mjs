// Imports IMPORT_ENTRY and writes what that import did, beside defining functions, to IMPORT_REPORT.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

/** zod shares its registry and settings between its copies this way. */
const isZods = (key) => String(key).startsWith("__zod_");

const globalsBefore = new Set(Reflect.ownKeys(globalThis));
const resourcesBefore = process.getActiveResourcesInfo().length;
const loadedLibraries = [];
const { dlopen } = process;
process.dlopen = (module, file, ...rest) => {
  loadedLibraries.push(file);
  return dlopen.call(process, module, file, ...rest);
};

await import(process.env.IMPORT_ENTRY);

// Both runtimes are CommonJS, so whatever loads them leaves them here.
const commonJs = Object.keys(createRequire(import.meta.url).cache);
const problems = [
  ...Reflect.ownKeys(globalThis)
    .filter((key) => !globalsBefore.has(key) && !isZods(key))
    .map((key) => `adds the global ${String(key)}`),
  ...process
    .getActiveResourcesInfo()
    .slice(resourcesBefore)
    .map((resource) => `leaves a ${resource} open`),
  ...loadedLibraries.map((file) => `loads the native library ${file}`),
  ...["onnxruntime-node", "onnxruntime-common", "fastify", "@tensorflow"]
    .filter((name) => commonJs.some((file) => file.includes(`/node_modules/${name}/`)))
    .map((name) => `loads ${name}`),
];
writeFileSync(process.env.IMPORT_REPORT, JSON.stringify(problems));
