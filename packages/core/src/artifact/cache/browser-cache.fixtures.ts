import { browserCache } from "./browser-cache.ts";

// A worker that begins to write a file in the store it is told, and never ends.
addEventListener("message", ({ data: name }: MessageEvent<string>) => void begin(name));

async function begin(name: string): Promise<void> {
  const writer = await browserCache({ name }).write("killed", {});
  await writer.append(new Uint8Array(17 * 2 ** 20).fill(7));
  postMessage("written");
}
