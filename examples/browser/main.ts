import { builtPage, buildPage } from "./server/build-page.ts";
import { createPageServer } from "./server/page-server.ts";

const { PORT: port = "3000", HOST: host = "localhost" } = process.env;

console.log("Building the page …");
await buildPage();
const app = await createPageServer(builtPage);
const url = await app.listen({ host, port: Number(port) });
console.log(`Open ${url.replace(/127\.0\.0\.1|\[::1\]/, "localhost")}`);
console.log("Stop with Ctrl-C.");

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void app.close());
