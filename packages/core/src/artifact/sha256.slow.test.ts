import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { PortableSha256 } from "./portable-sha256.ts";

test("a length of more than 32 bits of bits counts in full", () => {
  // FIPS 180-4 section 5.1.1: the length is a 64-bit number. Zeros, 512 MiB and a byte of them.
  const chunk = new Uint8Array(2 ** 20);
  const portable = new PortableSha256();
  const reference = createHash("sha256");
  for (let count = 0; count < 512; count += 1) {
    portable.update(chunk);
    reference.update(chunk);
  }
  portable.update(Uint8Array.of(0));
  reference.update(Uint8Array.of(0));
  expect(portable.digestHex()).toBe(reference.digest("hex"));
});
