import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { BrowserCommand } from "vitest/node";
import { repositoryRoot } from "../lib/repository.ts";
import { conformanceCommands } from "./conformance-commands.ts";
import { type PartName, requirement, type Requirement } from "./requirement.ts";

/** A tensor as JSON carries it. */
export interface PlainTensor {
  readonly dtype: "float32" | "int32" | "int64";
  readonly shape: readonly number[];
  /** 64-bit integers as numbers. */
  readonly data: readonly number[];
}

/** What browser tests have done for them outside of the browser. */
declare module "vitest/browser" {
  interface BrowserCommands {
    /** What onnxruntime-node gives, on the processor. The model is a path in the repository. */
    predictNatively(
      model: string,
      inputs: Readonly<Record<string, PlainTensor>>,
    ): Promise<Readonly<Record<string, PlainTensor>>>;
    /** Freezes the page, as a tab that is hidden for long, for `milliseconds`; then it is shown again. */
    freezePage(milliseconds: number): Promise<void>;
    /** `requirement`, which looks at the machine. */
    findRequirement(name: PartName): Promise<Requirement>;
  }
}

const predictNatively: BrowserCommand<
  [model: string, inputs: Readonly<Record<string, PlainTensor>>]
> = async (_context, model, inputs) => {
  const session = await InferenceSession.create(join(repositoryRoot, model));
  const feeds = Object.entries(inputs).map(([name, { dtype, shape, data }]) => {
    const values = dtype === "int64" ? BigInt64Array.from(data, BigInt) : [...data];
    // The pairs of types and values are those that the constructor takes.
    return [name, new Tensor(dtype, values as never, [...shape])] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { type, dims, data }]) => [
      name,
      { dtype: type, shape: dims, data: Array.from(data as Float32Array, Number) },
    ]),
  );
};

const freezePage: BrowserCommand<[milliseconds: number]> = async ({ provider, sessionId }, milliseconds) => {
  const devtools = await provider.getCDPSession!(sessionId);
  await devtools.send("Page.enable");
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
};

const findRequirement: BrowserCommand<[name: PartName]> = (_context, name) => requirement(name);

/** The commands, by the names that tests call them by. */
export const browserCommands: typeof conformanceCommands & {
  readonly predictNatively: typeof predictNatively;
  readonly freezePage: typeof freezePage;
  readonly findRequirement: typeof findRequirement;
} = { predictNatively, freezePage, findRequirement, ...conformanceCommands };
