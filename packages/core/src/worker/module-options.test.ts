import { expect, test } from "vitest";

import { moduleOptions } from "./module-options.ts";

test.each([["--conditions=@mlops/source"], ["-e", "code"], ["--max-old-space-size=100"]])(
  "leaves it to Node to pass on %s",
  (...options) => {
    expect(moduleOptions(options)).toBeUndefined();
  },
);

test.each([
  [["--input-type=module"], []],
  [
    ["-C", "x", "--input-type", "module", "--eval=code", "--no-warnings"],
    ["-C", "x", "--no-warnings"],
  ],
  [["--input-type=module", "-e", "code", "--conditions=x"], ["--conditions=x"]],
  [["--print=code", "--input-type=module", "-pe", "code"], []],
])("of %j passes on %j", (options, kept) => {
  expect(moduleOptions(options)).toEqual(kept);
});
