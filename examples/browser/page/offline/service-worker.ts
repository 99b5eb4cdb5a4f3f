// Answers for the page's own files from a cache, so that the page opens without a network. Models are in
// the cache of `@mlops/core`, and the server is never asked through this.

import type { OfflineFiles } from "../../server/list-offline-files.ts";

/** The part of a service worker's global scope that is used; TypeScript's own types exclude those of a page. */
interface WorkerScope {
  /** Written in by the build. */
  readonly offlineFiles: OfflineFiles;
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: WaitingEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent & WaitingEvent) => void): void;
}

interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

declare const self: WorkerScope;

const files: OfflineFiles = self.offlineFiles;
const prefix = "page-";
const cacheName = prefix + files.version;

self.addEventListener("install", (event) => event.waitUntil(keep(files.page)));

self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  ),
);

// The page says which runtime it uses: nobody needs both, and they are megabytes.
self.addEventListener("message", (event) => {
  const runtime: unknown = event.data;
  if (runtime !== "wasm" && runtime !== "webgpu") return;
  const [port] = event.ports;
  event.waitUntil(
    keep(files[runtime]).then(
      () => port?.postMessage("kept"),
      () => port?.postMessage("failed"),
    ),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isListed = known.has(request.url.split(/[?#]/, 1)[0]!);
  if (request.method !== "GET" || !(isListed || request.mode === "navigate")) return;
  event.respondWith(answer(request));
});

const known: ReadonlySet<string> = new Set(
  [...files.page, ...files.wasm, ...files.webgpu].map((path) => new URL(path, self.registration.scope).href),
);

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const key = request.mode === "navigate" ? self.registration.scope : request;
  return (await cache.match(key, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

/** Puts files into the cache that are not there yet. The browser's HTTP cache spares a second download. */
async function keep(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  const urls = paths.map((path) => new URL(path, self.registration.scope).href);
  const isThere = await Promise.all(urls.map((url) => cache.match(url, { ignoreVary: true })));
  await cache.addAll(urls.filter((_, index) => isThere[index] === undefined));
}
