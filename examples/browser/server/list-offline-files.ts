import { createHash } from "node:crypto";

import type { Plugin } from "vite";

/** What the service worker's source says in the place of the list. */
const placeholder = "self.offlineFiles";

/** What `self.offlineFiles` becomes in the built service worker. */
export interface OfflineFiles {
  /** Another one for every other content. */
  readonly version: string;
  /** The files that the page starts with. */
  readonly page: readonly string[];
  /** The WebAssembly of ONNX Runtime for the processor, and for WebGPU. */
  readonly wasm: readonly string[];
  readonly webgpu: readonly string[];
}

/**
 * Writes the list of the page's files into the built service worker. Paths are relative to it.
 *
 * @param serviceWorker - The name of its file.
 */
export function listOfflineFiles(serviceWorker: string): Plugin {
  return {
    name: "list-offline-files",
    generateBundle(_options, bundle) {
      const chunk = bundle[serviceWorker];
      if (chunk?.type !== "chunk") return;
      const names = Object.keys(bundle).filter((name) => name !== serviceWorker);
      const runtimes = names.filter((name) => name.endsWith(".wasm"));
      const webgpu = runtimes.filter((name) => name.includes("asyncify"));
      const page = names.filter((name) => !runtimes.includes(name) && !name.endsWith(".map"));
      const models = ["device-price", "symbols"].map((name) => `models/${name}/model.json`);
      // Names of assets have their hash in them, all but the document's.
      const hash = createHash("sha256").update(names.toSorted().join());
      for (const file of Object.values(bundle)) {
        if (file.type === "asset" && file.fileName.endsWith(".html")) hash.update(file.source);
      }
      const files: OfflineFiles = {
        version: hash.digest("hex").slice(0, 16),
        page: ["./", "icon.svg", ...page.filter((name) => name !== "index.html"), ...models],
        wasm: runtimes.filter((name) => !webgpu.includes(name)),
        webgpu,
      };
      if (!chunk.code.includes(placeholder)) this.error(`${serviceWorker} does not say ${placeholder}.`);
      chunk.code = chunk.code.replace(placeholder, JSON.stringify(files));
    },
  };
}
