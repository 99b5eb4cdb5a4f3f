import { UnsupportedError } from "../../errors/unsupported-error.ts";

/** A held lock. */
interface HeldLock {
  release(): void;
}

/** A store of small and large values by path, and locks that end with their tab. */
export interface BrowserStorage {
  getJson<Value>(path: string): Promise<Value | undefined>;
  putJson(path: string, value: unknown): Promise<void>;
  getBytes(path: string): Promise<Uint8Array | undefined>;
  putBytes(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(path: string): Promise<void>;
  paths(): Promise<readonly string[]>;
  /** Waits for a lock. */
  lock(name: string, mode: "shared" | "exclusive", signal: AbortSignal | undefined): Promise<HeldLock>;
  /** Takes a lock for itself, if nobody has it. */
  tryLock(name: string): Promise<HeldLock | undefined>;
}

// Cache Storage has requests for keys. Nothing is ever fetched from this name, which RFC 2606 keeps free.
const base = "https://artifacts.invalid/";

/** @throws UnsupportedError `UNSUPPORTED` where there is no Cache Storage, or there are no Web Locks. */
export async function browserStorage(name: string): Promise<BrowserStorage> {
  const { caches, navigator } = globalThis as {
    caches?: CacheStorage;
    navigator?: { locks?: LockManager };
  };
  const locks = navigator?.locks;
  if (caches === undefined || locks === undefined) {
    throw new UnsupportedError({
      feature: "A cache in the browser, where there is no Cache Storage or there are no Web Locks,",
      remedy: "Serve the page over HTTPS or from localhost; on Node use folderCache().",
    });
  }
  const cache = await caches.open(name);
  return {
    async getJson<Value>(path: string) {
      const response = await cache.match(base + path);
      // Nobody else writes here.
      return response && ((await response.json()) as Value);
    },
    putJson: (path, value) => cache.put(base + path, new Response(JSON.stringify(value))),
    async getBytes(path) {
      const response = await cache.match(base + path);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    putBytes: (path, bytes) => cache.put(base + path, new Response(bytes)),
    async delete(path) {
      await cache.delete(base + path);
    },
    paths: async () => (await cache.keys()).map(({ url }) => url.slice(base.length)),
    lock: (lockName, mode, signal) =>
      new Promise((resolve, reject) => {
        const options: LockOptions = signal === undefined ? { mode } : { mode, signal };
        const held = (): Promise<void> => new Promise((release) => resolve({ release: () => release() }));
        locks.request(`${name} ${lockName}`, options, held).catch(reject);
      }),
    tryLock: (lockName) =>
      new Promise((resolve, reject) => {
        const held = (lock: Lock | null): Promise<void> => {
          if (lock !== null) return new Promise((release) => resolve({ release: () => release() }));
          resolve(undefined);
          return Promise.resolve();
        };
        locks.request(`${name} ${lockName}`, { ifAvailable: true }, held).catch(reject);
      }),
  };
}
