import { writeSync } from "node:fs";

import { openArtifact, tensor } from "@mlops/core";
import { startWorker } from "@mlops/core/worker";
import { identityModel, mlpModel } from "@mlops/onnx-builder";

// Run by worker.test.ts as a program: `node worker-program.fixtures.ts <isolation> <ending>`.

const [isolation, ending] = process.argv.slice(2) as ["thread" | "process", string];
const module = new URL("worker.ts", import.meta.url);
const worker = await startWorker({ module, config: { session: { intraOpNumThreads: 1 } }, isolation });

const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  async forgets() {
    const session = await worker.load(openArtifact(identityModel("float32")), {});
    const outputs = await session.doRun({ x: tensor("float32", [1, 2, 3], [1, 3]) }, {});
    return outputs["y"]!.data;
  },
  async stops() {
    const data = await programs["forgets"]!();
    return `${String(data)} ${await worker.stop()}`;
  },
  // The run, of about a second, is under way when all else is done.
  async abandons() {
    const model = mlpModel({ inputSize: 8, hiddenSizes: [1024, 1024], outputSize: 4, seed: 1 });
    const session = await worker.load(openArtifact(model), {});
    const x = tensor("float32", new Float32Array(16_384 * 8), [16_384, 8]);
    const run = session.doRun({ x }, {}).catch((error: unknown) => Reflect.get(error as Error, "code"));
    return `${await worker.stop({ graceMs: 20 })} ${String(await run)}`;
  },
};

writeSync(1, `${String(await programs[ending]!())}\n`);
