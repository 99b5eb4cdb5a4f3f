import { InvalidOptionsError, MissingDependencyError } from "@mlops/core";

import type { TfjsConfig, TfjsPackage } from "./config.ts";
import { messageOf } from "./to-core-error.ts";
import { withLegacyUtil } from "./with-legacy-util.ts";

// Each is written out, as bundlers look for it.
const importers: { readonly [Name in TfjsPackage]: () => Promise<object> } = {
  "@tensorflow/tfjs-core": () => import("@tensorflow/tfjs-core"),
  "@tensorflow/tfjs-converter": () => import("@tensorflow/tfjs-converter"),
  "@tensorflow/tfjs-layers": () => import("@tensorflow/tfjs-layers"),
  "@tensorflow/tfjs-backend-cpu": () => import("@tensorflow/tfjs-backend-cpu"),
  "@tensorflow/tfjs-backend-wasm": () => import("@tensorflow/tfjs-backend-wasm"),
  "@tensorflow/tfjs-backend-webgl": () => import("@tensorflow/tfjs-backend-webgl"),
  "@tensorflow/tfjs-backend-webgpu": () => import("@tensorflow/tfjs-backend-webgpu"),
  // By a name that no bundler follows: what they load is for Node alone.
  "@tensorflow/tfjs-node": () => withLegacyUtil(() => importByName("@tensorflow/tfjs-node")),
  "@tensorflow/tfjs-node-gpu": () => withLegacyUtil(() => importByName("@tensorflow/tfjs-node-gpu")),
};

/** Loads packages of TensorFlow.js, each once. */
export class TfjsPackages {
  readonly #modules: NonNullable<TfjsConfig["modules"]>;
  readonly #loaded = new Map<TfjsPackage, Promise<object>>();

  constructor(modules: TfjsConfig["modules"] = {}) {
    for (const name of Object.keys(modules)) {
      if (Object.hasOwn(importers, name)) continue;
      const problem = `names ${JSON.stringify(name)}; it can have ${Object.keys(importers).join(", ")}`;
      throw new InvalidOptionsError({ option: "modules", problem });
    }
    this.#modules = { ...modules };
  }

  /** Whether a package was passed in. */
  has(name: TfjsPackage): boolean {
    return this.#modules[name] !== undefined;
  }

  /**
   * @typeParam Module - The part of the package that is called.
   * @throws MissingDependencyError `MISSING_DEPENDENCY` when it cannot be loaded. The next call tries again.
   */
  async load<Module>(name: TfjsPackage): Promise<Module> {
    let loading = this.#loaded.get(name);
    if (loading === undefined) {
      loading = this.#load(name);
      this.#loaded.set(name, loading);
      loading.catch(() => this.#loaded.delete(name));
    }
    // Which part of a package is called is for the caller to say.
    return (await loading) as Module;
  }

  async #load(name: TfjsPackage): Promise<object> {
    const configured = this.#modules[name];
    try {
      const module = configured ?? importers[name];
      return typeof module === "function" ? await (module as () => object | Promise<object>)() : module;
    } catch (cause) {
      throw new MissingDependencyError({
        packageName: name,
        remedy: `Install it with \`npm install ${name}\`, or pass it to tfjs({ modules }). (${messageOf(cause)})`,
        cause,
      });
    }
  }
}

async function importByName(specifier: string): Promise<object> {
  const module = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as {
    default?: object;
  } & object;
  // Node does not find all names in what the package exports.
  return module.default ?? module;
}
