import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vitest/config";
import { parseDocument } from "../docs/code-blocks.ts";
import { repositoryRoot } from "../lib/repository.ts";

const prefix = "readme:";

/**
 * Lets a browser test import a program of a document: `import("readme:packages/x/README.md/page.ts")`
 * is the block `ts file=page.ts` there. What such a program fetches lies beside its page: `/model.onnx`
 * is the device price's.
 */
export function readmePages(): Plugin {
  return {
    name: "readme-pages",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const [, path = "", name] = /^\0readme:(.*)\/([^/]+)$/.exec(id) ?? [];
      const { blocks } = parseDocument(path, readFileSync(join(repositoryRoot, path), "utf8"));
      const block = blocks.find(({ settings }) => settings.get("file") === name);
      if (block === undefined) throw new Error(`${path} has no block with file=${name}.`);
      return block.text;
    },
    configureServer({ middlewares }) {
      middlewares.use("/model.onnx", (_request, response) => {
        void readFile(join(repositoryRoot, "examples/device-price/model/onnx/model.onnx")).then((bytes) =>
          response.end(bytes),
        );
      });
    },
  };
}
