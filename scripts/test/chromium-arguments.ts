/**
 * Chromium's switches in tests: nothing that reaches for the network by itself, and WebGPU computed
 * by SwiftShader on the processor, so that it is there, and the same, on machines without a GPU.
 */
export const chromiumArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan,WebGPU",
  "--use-webgpu-adapter=swiftshader",
  "--use-vulkan=swiftshader",
  "--ignore-gpu-blocklist",
];

/** What a page has to be served with to have threads of WebAssembly: it is cross-origin isolated. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};
