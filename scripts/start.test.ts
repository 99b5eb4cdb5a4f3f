import { expect, test } from "vitest";
import { startServer } from "./docs/server.ts";
import { readPackageJson, repositoryRoot } from "./lib/repository.ts";

test(
  "pnpm start prints its URL, answers there, and ends with 0 on SIGTERM",
  { timeout: 180_000 },
  async () => {
    const server = await startServer(
      readPackageJson(repositoryRoot).scripts?.["start"] ?? "",
      repositoryRoot,
    );
    try {
      await expect.poll(() => server.printed(), { timeout: 10_000 }).toMatch(/http:\/\/\S+/);
      const [url = ""] = /http:\/\/[^\s/]+/.exec(server.printed()) ?? [];
      const response = await fetch(server.withRealPort(`${url}/v2/health/ready`));
      expect(response.status).toBe(200);
    } finally {
      expect(await server.stop()).toBe(0);
    }
    expect(server.printedErrors()).toBe("");
  },
);
