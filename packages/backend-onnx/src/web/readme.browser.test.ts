import { expect, test } from "vitest";

test("the README's page shows what it says", async () => {
  document.body.innerHTML = "<output></output>";
  // Where the harness serves the README's text as a module.
  const page = "/packages/backend-onnx/README.md/page.ts";
  await import(/* @vite-ignore */ page);
  expect(document.querySelector("output")?.textContent).toMatch(/^about 92 € \(webgpu, worker\)$/);
});
