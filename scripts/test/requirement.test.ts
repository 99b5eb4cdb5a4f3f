import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requirement } from "./requirement.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function folderWith(program: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, program), "#!/bin/sh\n");
  chmodSync(join(folder, program), 0o755);
  return folder;
}

test("a program on PATH is found by any of its names", () => {
  const folder = folderWith("valkey-server");
  expect(requirement("redis", { PATH: `/nowhere:${folder}` })).toMatchObject({
    available: true,
    path: join(folder, "valkey-server"),
  });
});

test("the environment variable wins over PATH", () => {
  const path = join(folderWith("my-redis"), "my-redis");
  const environment = { PATH: folderWith("redis-server"), REDIS_SERVER_PATH: path };
  expect(requirement("redis", environment)).toMatchObject({ available: true, path });
});

test("a wrong environment variable is an error, not a skip", () => {
  const environment = { PATH: folderWith("redis-server"), REDIS_SERVER_PATH: "/nowhere/redis-server" };
  expect(() => requirement("redis", environment)).toThrow(
    "REDIS_SERVER_PATH is set to /nowhere/redis-server",
  );
});

test("a missing part says how to get it", () => {
  expect(requirement("redis", { PATH: "/nowhere" })).toMatchObject({
    available: false,
    howToGet: expect.stringContaining("apt-get install redis-server"),
  });
});
