import { pathToFileURL } from "node:url";

import { describe, expect, test } from "vitest";

import type { ArtifactSource } from "./artifact.ts";
import { openArtifact } from "./open-artifact.ts";
import { makeTemporaryFolder } from "./temporary-folder.fixtures.ts";

const bytes = Uint8Array.of(1, 2, 3);

describe("sibling()", () => {
  test.each<[source: ArtifactSource, sibling: string]>([
    ["/models/a/model.json", "/models/a/weights.bin"],
    ["model.json", "weights.bin"],
    ["C:\\models\\model.json", "C:\\models\\weights.bin"],
    ["https://host/a/model.json", "https://host/a/weights.bin"],
    ["https://host/a/model.json?signature=b/c", "https://host/a/weights.bin"],
    [new URL("https://host/a/model.json?signature=b/c"), "https://host/a/weights.bin"],
    [new URL("file:///models/model.json"), "file:///models/weights.bin"],
    ["file:///models/model.json#a/b", "file:///models/weights.bin"],
  ])("of %s is %s", (source, sibling) => {
    expect(openArtifact(source).sibling("weights.bin").location).toBe(sibling);
  });

  test("is read from the folder, and from a folder in it", async () => {
    await using folder = await makeTemporaryFolder();
    const main = await folder.write("model.json", "{}");
    await folder.write("weights/1.bin", bytes);
    for (const source of [main, pathToFileURL(main), pathToFileURL(main).href]) {
      expect(new Uint8Array(await openArtifact(source).sibling("weights/1.bin").read())).toEqual(bytes);
    }
  });

  const escapes = [
    "../x",
    "a/../x",
    "a/../../x",
    "..",
    ".",
    "./x",
    "/etc/passwd",
    "//host/x",
    "a//b",
    "a/",
    "",
    " ",
    "..\\x",
    "a\\b",
    "C:\\x",
    "C:x",
    "%2e%2e/x",
    "%2e%2e%2fx",
    "a%2f..%2fx",
    "a\0b",
    "a\nb",
    "a b",
    "http://host/x",
    "file:///etc/passwd",
    "data:,x",
    "?x",
    "#x",
    "a?b",
    ".hidden",
    "a/.hidden",
    "a.",
    "a./b",
    "nul",
    "a/CON",
    "Aux.bin",
    "com1.a.b/x",
    "ａ",
    "\u202ea",
  ];

  test.each(escapes)("of %j there is none", (escape) => {
    for (const source of [
      "/models/model.json",
      "https://host/a/model.json",
      new URL("https://host/a/model.json"),
    ]) {
      expect(() => openArtifact(source).sibling(escape)).toThrow(
        expect.objectContaining({
          code: "MODEL_LOAD_FAILED",
          problem: expect.stringContaining(JSON.stringify(escape)),
        }),
      );
    }
  });

  test.each<[kind: string, source: ArtifactSource]>([
    ["bytes", bytes],
    ["a data: URL as text", "data:,a/b"],
    ["a data: URL", new URL("data:,a/b")],
    ["a blob: URL as text", "blob:https://host/a/b"],
    ["a blob: URL", new URL("blob:https://host/a/b")],
  ])("of %s there is none, as it lies in no folder", (_, source) => {
    expect(() => openArtifact(source).sibling("x")).toThrow(
      expect.objectContaining({ code: "MODEL_LOAD_FAILED" }),
    );
  });
});
