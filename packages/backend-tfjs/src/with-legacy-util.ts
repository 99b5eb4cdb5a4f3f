/**
 * Loads `@tensorflow/tfjs-node` on a Node that it was not written for.
 *
 * It calls `isNullOrUndefined` and `isArray` of Node's `util`, which Node 23 has no more. They are
 * put into its own files while these are loaded, by Node's module hooks, so that the `util` of
 * everybody else stays as it is. Only where its files were loaded before, or on a Node without
 * such hooks, does `util` itself get the two functions back.
 */
export async function withLegacyUtil<Module>(load: () => Promise<Module>): Promise<Module> {
  const util = builtinModule<LegacyUtil>("node:util");
  if (util === undefined || typeof util.isNullOrUndefined === "function") return load();
  const nodeModule = builtinModule<ModuleHooks>("node:module");
  let patchedFiles = 0;
  const hooks = nodeModule?.registerHooks?.({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!legacyFile.test(url)) return loaded;
      patchedFiles += 1;
      const source =
        typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
      return { ...loaded, source: source.replace('require("util")', legacyUtil) };
    },
  });
  try {
    const module = await load();
    if (patchedFiles === 0) restoreLegacyUtil(util);
    return module;
  } finally {
    hooks?.deregister();
  }
}

/** The files of tfjs-node 4.22 that call what is gone. */
const legacyFile = /\/@tensorflow\/tfjs-node(-gpu)?\/dist\/(nodejs_kernel_backend|kernels\/TopK)\.js$/;

const legacyUtil =
  '({ ...require("util"), isArray: Array.isArray, isNullOrUndefined: (value) => value === null || value === undefined })';

function restoreLegacyUtil(util: LegacyUtil): void {
  const functions = {
    isArray: (value: unknown): boolean => Array.isArray(value),
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  };
  for (const [name, value] of Object.entries(functions)) {
    if (typeof Reflect.get(util, name) === "function") continue;
    Object.defineProperty(util, name, { value, configurable: true, writable: true });
  }
}

interface LegacyUtil {
  readonly isNullOrUndefined?: (value: unknown) => boolean;
}

/** Node's synchronous module hooks, from 22.15 on. */
interface ModuleHooks {
  registerHooks?(hooks: {
    load(
      url: string,
      context: object,
      nextLoad: (url: string, context: object) => LoadedSource,
    ): LoadedSource;
  }): { deregister(): void };
}

interface LoadedSource {
  readonly source?: string | ArrayBuffer | Uint8Array<ArrayBuffer>;
}

function builtinModule<Module>(name: string): Module | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  // Typed by the subset used.
  return process?.getBuiltinModule?.(name) as Module | undefined;
}
