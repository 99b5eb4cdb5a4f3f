/** tsup writes the declarations with TypeScript's JavaScript API, which ended with TypeScript 6. */
export const hooks = {
  readPackage(packageJson) {
    if (packageJson.name === "tsup") {
      delete packageJson.peerDependencies.typescript;
      packageJson.dependencies.typescript = "^6.0.2";
    }
    return packageJson;
  },
};
