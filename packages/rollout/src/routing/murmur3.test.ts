import fc from "fast-check";
import reference from "murmurhash3js-revisited";
import { describe, expect, test } from "vitest";

import { murmur3 } from "./murmur3.ts";

/** By a package that hashes bytes, fed with what `TextEncoder` makes of the text. */
function referenceHash(text: string, seed: number): number {
  return reference.x86.hash32(new TextEncoder().encode(text), seed);
}

describe("murmur3", () => {
  // Published with the algorithm's verification programs.
  test.each([
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["aaaa", 0x9747b28c, 0x5a97808a],
    ["abc", 0, 0xb3dd93fa],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
    ["ππππππππ", 0x9747b28c, 0xd58063c1],
  ])("of %j under %i", (text, seed, expected) => {
    expect(murmur3(text, seed)).toBe(expected);
  });

  test("law: it is the reference's hash of the UTF-8 bytes, for any text and seed", () => {
    const anyText = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      // Single UTF-16 code units, and so surrogates that have lost their partner.
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 24 })
        .map((codes) => String.fromCharCode(...codes)),
    );
    fc.assert(
      fc.property(anyText, fc.nat(0xffffffff), (text, seed) => {
        expect(murmur3(text, seed)).toBe(referenceHash(text, seed));
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  test("tells letters apart whose low bytes are the same", () => {
    expect("Ł".charCodeAt(0) & 0xff).toBe("A".charCodeAt(0));
    expect(murmur3("userŁ", 0)).not.toBe(murmur3("userA", 0));
  });
});
