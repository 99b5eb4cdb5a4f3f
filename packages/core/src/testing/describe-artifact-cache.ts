import type { ArtifactCache } from "../artifact/cache/artifact-cache.ts";
import { artifactCacheTests } from "./artifact-cache-tests.ts";
import type { TestRunner } from "./describe-backend.ts";

/** What {@link describeArtifactCache} is told. */
export interface ArtifactCacheConformance {
  /**
   * Opens an empty store for one test. Each call of what it gives makes a cache on that same store, as
   * two processes or tabs would have it, bounded by `maxBytes` of files (what is stored around them may
   * take up to 1,000 bytes more for each).
   */
  readonly store: () => OpenCache | Promise<OpenCache>;
}

/** Makes a cache on a store. */
export type OpenCache = (options: { readonly maxBytes: number }) => ArtifactCache;

/**
 * The conformance suite of artifact caches: registers a test for each thing that one promises.
 *
 * @param name - What is tested, such as `redisCache`.
 * @param options - The cache.
 * @param runner - The test runner's own functions, as for `describeBackend`.
 *
 * @example
 * ```ts no-run
 * import { describe, test } from "vitest";
 *
 * describeArtifactCache("memoryCache", {
 *   store() {
 *     const cache = memoryCache({ maxBytes: 100_000 });
 *     return () => cache;
 *   },
 * }, { describe, test });
 * ```
 */
export function describeArtifactCache(
  name: string,
  { store }: ArtifactCacheConformance,
  { describe, test }: Pick<TestRunner, "describe" | "test">,
): void {
  describe(name, () => {
    for (const [title, run] of artifactCacheTests) {
      test(title, async () => {
        const open = await store();
        await run(open({ maxBytes: testMaxBytes }), open({ maxBytes: testMaxBytes }));
      });
    }
  });
}

/** What the caches of the suite are bounded by. */
const testMaxBytes = 100_000;
