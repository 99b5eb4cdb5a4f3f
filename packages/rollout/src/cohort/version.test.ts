import { expect, test } from "vitest";

import { compareVersions, parseVersion } from "./version.ts";

// The order of the examples in https://semver.org, section 11.
const ordered = [
  "0.9.9",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.0.1",
  "1.2.0",
  "1.10.0",
  "2.0.0",
];

test("versions come in the order of semver", () => {
  for (const [indexA, a] of ordered.entries())
    for (const [indexB, b] of ordered.entries())
      expect(Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!)), `${a} and ${b}`).toBe(
        Math.sign(indexA - indexB),
      );
});

test("what built a version does not order it", () => {
  expect(compareVersions(parseVersion("1.0.0+a")!, parseVersion("v1.0.0+b")!)).toBe(0);
});

test.each(["", "1", "1.0", "1.0.0.0", "1.0.0-", "one.two.three", "1.0.0 ", `1.0.${"9".repeat(99)}`])(
  "%j is no version",
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
  },
);
