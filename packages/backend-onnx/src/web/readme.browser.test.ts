import { expect, test } from "vitest";

test("the README's page shows what it says", async () => {
  document.body.innerHTML = "<output></output>";
  // By a name that TypeScript does not follow: the harness makes the module of the README's text.
  const page = "readme:packages/backend-onnx/README.md/page.ts";
  await import(/* @vite-ignore */ page);
  expect(document.querySelector("output")?.textContent).toMatch(/^about 92 € \(webgpu, worker\)$/);
});
