import { hostBackend } from "@mlops/core/worker";

import type { OnnxSessionOptions } from "../config.ts";
import { importBrowserRuntime } from "./browser-runtime.ts";
import { bundledFiles } from "./bundled-files.ts";
import { webBackend } from "./web-backend.ts";
import type { WebFilePlaces } from "./web-options.ts";

/** What the backend in a web worker is made from. */
export interface WebWorkerConfig {
  readonly device: unknown;
  readonly session: OnnxSessionOptions;
  readonly files: WebFilePlaces | undefined;
}

// The entry of a web worker: what a page's `onnx({ … }).worker` starts.
hostBackend(({ device, session, files }: WebWorkerConfig) =>
  webBackend({
    device,
    session,
    importRuntime: importBrowserRuntime,
    findFiles: (variant) => files ?? bundledFiles(variant),
  }),
);
