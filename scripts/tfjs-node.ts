import { buildNativePart } from "./tfjs-node/build.ts";
import { cacheFolder } from "./tfjs-node/cache.ts";
import { installedPackage, installNativePart } from "./tfjs-node/install.ts";

/**
 * Makes the native part of `@tensorflow/tfjs-node`, whose own installer downloads it from a host
 * that not every network reaches. It is built once into a cache outside of the checkout, from the
 * libraries of TensorFlow's Python package, and put into the installed package.
 *
 *     node scripts/tfjs-node.ts            # build what is missing, and install it
 *     node scripts/tfjs-node.ts --cached   # install what was built before, or do nothing
 */
async function main(): Promise<void> {
  const folder = cacheFolder();
  if (!process.argv.includes("--cached")) await buildNativePart(folder, installedPackage());
  const outcome = installNativePart(folder, installedPackage());
  console.log(`The native part of @tensorflow/tfjs-node is ${outcome}.`);
}

await main();
