// What `pnpm example:browser` runs: builds the page, and serves it.
import { join } from "node:path";

import { buildPage } from "./server/build-page.ts";
import { createPageServer } from "./server/page-server.ts";

const { PORT: port = "3000", HOST: host = "localhost" } = process.env;
const folder = join(import.meta.dirname, "dist");

console.log("Building the page …");
await buildPage(folder);
const app = await createPageServer(folder);
try {
  const address = new URL(await app.listen({ host, port: Number(port) }));
  console.log(`Open http://${host}:${address.port}/`);
  console.log("Stop with Ctrl-C.");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void app.close());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error("Choose another place with PORT and HOST: PORT=3001 npx pnpm@12 example:browser");
  process.exitCode = 1;
  await app.close();
}
