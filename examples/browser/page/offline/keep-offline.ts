/**
 * Keeps the page's files, and those of a runtime, for visits without a network.
 *
 * @returns Whether they are kept now.
 */
export async function keepOffline(runtime: "wasm" | "webgpu"): Promise<boolean> {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register("./service-worker.js");
  const { active } = await navigator.serviceWorker.ready;
  if (active === null) return false;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<unknown>((resolve) => {
    port1.addEventListener("message", ({ data }) => resolve(data), { once: true });
    port1.start();
  });
  active.postMessage(runtime, [port2]);
  const isKept = (await answered) === "kept";
  port1.close();
  return isKept;
}
