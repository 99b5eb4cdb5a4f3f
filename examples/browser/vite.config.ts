import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { defineConfig, type Plugin, type UserConfig } from "vite";

import { listOfflineFiles } from "./server/list-offline-files.ts";

const serviceWorker = "service-worker";

/** How the page is built. `server/build-page.ts` says where to, and adds the models. */
const config: UserConfig = defineConfig({
  root: join(import.meta.dirname, "page"),
  base: "./",
  plugins: [sourceWorkers(), listOfflineFiles(`${serviceWorker}.js`)],
  // The workspace's packages as their sources; an application that installs them needs no such line.
  resolve: { conditions: ["@mlops/source", "browser", "module", "production"] },
  worker: {
    format: "es",
    plugins: () => [sourceWorkers()],
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  build: {
    // The page's policy allows no script and no data written into it.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: {
        page: join(import.meta.dirname, "page/index.html"),
        [serviceWorker]: join(import.meta.dirname, "page/offline/service-worker.ts"),
      },
      output: {
        // A service worker keeps its name, by which the browser finds its next version.
        entryFileNames: ({ name }) =>
          name === serviceWorker ? `${serviceWorker}.js` : "assets/[name]-[hash].js",
      },
    },
  },
});

/** Lets the sources of a workspace's package name a worker as their build does: `./x.js` for `./x.ts`. */
function sourceWorkers(): Plugin {
  return {
    name: "source-workers",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".ts")) return undefined;
      return code.replaceAll(/new URL\("(\.\/[\w-]+)\.js", import\.meta\.url\)/g, (whole, name: string) =>
        existsSync(join(dirname(id), `${name}.ts`)) ? `new URL("${name}.ts", import.meta.url)` : whole,
      );
    },
  };
}

export default config;
