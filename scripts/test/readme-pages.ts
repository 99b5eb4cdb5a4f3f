import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vitest/config";
import { parseDocument } from "../docs/code-blocks.ts";
import { repositoryRoot } from "../lib/repository.ts";

/** The path of a program: its document's, then its own name. */
const programPath = /^(?<document>.*\.md)\/(?<name>[\w-]+\.ts)$/;

/**
 * Lets a browser test import a program of a document: `/packages/x/README.md/page.ts` is the block
 * `ts file=page.ts` there. What such a program fetches lies beside its page: `/model.onnx` is the device
 * price's.
 */
export function readmePages(): Plugin {
  return {
    name: "readme-pages",
    enforce: "pre",
    resolveId: (id) =>
      programPath.test(id) && !id.startsWith(repositoryRoot) ? join(repositoryRoot, id) : undefined,
    load(id) {
      const { document, name } = programPath.exec(id)?.groups ?? {};
      if (document === undefined) return undefined;
      const { blocks } = parseDocument(document, readFileSync(document, "utf8"));
      const block = blocks.find(({ settings }) => settings.get("file") === name);
      if (block === undefined) throw new Error(`${document} has no block with file=${name}.`);
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
