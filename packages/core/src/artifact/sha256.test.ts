import { createHash } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { PortableSha256 } from "./portable-sha256.ts";
import { sha256Maker } from "./sha256.ts";

test("the portable SHA-256 is Node's, for every length and however the bytes are cut", async () => {
  for (const create of [() => new PortableSha256(), await sha256Maker()]) {
    for (let length = 0; length < 200; length += 1) {
      const bytes = new Uint8Array(length).fill(length);
      const hash = create();
      hash.update(bytes);
      expect(hash.digestHex()).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
        const hash = create();
        for (const chunk of chunks) hash.update(chunk);
        expect(hash.digestHex()).toBe(createHash("sha256").update(Buffer.concat(chunks)).digest("hex"));
      }),
      { numRuns: 100, seed: 1 },
    );
  }
});
