import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage until nothing more comes of it, and lets the host tell of what went. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  // The function that the flag exposes, in a context that is made after it was set.
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
