import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openModelPackage } from "@mlops/core";

import { type DeviceData, readDevices } from "./train/data/read-devices.ts";
import { evaluate, type Evaluation } from "./train/evaluation/evaluate.ts";
import { formatEvaluation, formatSplits } from "./train/evaluation/format.ts";
import { fitNetwork, type FitProgress } from "./train/network/fit.ts";
import { framework, openTensorFlow } from "./train/network/tensorflow.ts";
import { compareFormats, formatTolerance } from "./train/package/compare-formats.ts";
import { describeInputs } from "./train/package/extra.ts";
import { modelCard } from "./train/package/model-card.ts";
import { writePackage } from "./train/package/write-package.ts";
import { defaultSettings } from "./train/settings.ts";

const usage = `Trains the device-price model and writes its model package.

  --data FILE       the data set "Used Phones & Tablets Pricing" as comma-separated values
  --out DIR         where the package goes (default: model/ beside this script)
  --seed N          of the split, the weights and the training, from 0 (default 1)
  --splits N        evaluate on N splits, with the seeds from --seed on (default 1)
  --evaluate-only   train and measure on the splits, and write nothing`;

const modelVersion = "1.0.0";

interface TrainOptions {
  readonly dataFile: string;
  readonly folder: string;
  readonly seed: number;
  readonly splits: number;
  readonly evaluateOnly: boolean;
}

function readOptions(): TrainOptions {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      out: { type: "string", default: fileURLToPath(new URL("model/", import.meta.url)) },
      seed: { type: "string", default: "1" },
      splits: { type: "string", default: "1" },
      "evaluate-only": { type: "boolean", default: false },
    },
  });
  if (values.data === undefined) throw new TypeError("--data is missing.");
  return {
    dataFile: values.data,
    folder: values.out,
    seed: readInteger("--seed", values.seed, 0),
    splits: readInteger("--splits", values.splits, 1),
    evaluateOnly: values["evaluate-only"],
  };
}

function readInteger(option: string, text: string, smallest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= smallest && value <= 1_000_000) return value;
  throw new TypeError(
    `${option} is ${JSON.stringify(text)}; it has to be an integer from ${smallest} to 1000000.`,
  );
}

async function evaluateSplits(
  { rows }: DeviceData,
  { seed, splits }: TrainOptions,
): Promise<readonly [Evaluation, ...Evaluation[]]> {
  const evaluateSeed = async (splitSeed: number): Promise<Evaluation> => {
    console.log(`\nSplit with seed ${splitSeed}`);
    const evaluation = await evaluate(rows, {
      settings: defaultSettings,
      seed: splitSeed,
      onEpoch: printEpoch,
    });
    console.log(`Fitted on ${evaluation.trainRows} rows, measured on ${evaluation.testRows} others:\n`);
    console.log(formatEvaluation(evaluation));
    return evaluation;
  };
  const evaluations: [Evaluation, ...Evaluation[]] = [await evaluateSeed(seed)];
  for (let next = seed + 1; next < seed + splits; next++) evaluations.push(await evaluateSeed(next));
  if (splits > 1)
    console.log(`\nMean ± standard deviation over ${splits} splits:\n\n${formatSplits(evaluations)}`);
  return evaluations;
}

function printEpoch({ member, epoch, loss }: FitProgress): void {
  if (epoch % 10 === 0) console.log(`  member ${member}  epoch ${epoch}  loss ${loss.toFixed(3)}`);
}

async function train(options: TrainOptions): Promise<void> {
  const { seed, folder } = options;
  const data = await readDevices(options.dataFile);
  await openTensorFlow();
  console.log(`${data.rows.length} devices; ${framework}`);

  const evaluations = await evaluateSplits(data, options);
  const { network, ridge } = evaluations[0];
  if (network.r2 <= ridge.r2)
    throw new Error("The network does not beat ridge regression, so it is not written.");
  if (options.evaluateOnly) return;

  console.log("\nAll rows");
  using fitted = await fitNetwork(data.rows, { settings: defaultSettings, seed, onEpoch: printEpoch });
  const manifest = await writePackage(folder, {
    model: fitted.model,
    version: modelVersion,
    card: modelCard({
      dataRows: data.rows.length,
      dataSha256: data.sha256,
      evaluations,
      seed,
      trainedOn: new Date().toISOString().slice(0, 10),
    }),
    extra: describeInputs(data.rows, fitted.vocabulary),
  });
  console.log("\nWritten:");
  for (const { path, sizeBytes, sha256 } of manifest.files)
    console.log(`  ${path}  ${sizeBytes} bytes  ${sha256}`);

  const difference = await compareFormats(await openModelPackage(folder), { count: 10_000, seed });
  console.log(
    `ONNX and TensorFlow.js differ by at most ${difference.toExponential(1)} on 10,000 random devices.`,
  );
  if (!(difference <= formatTolerance))
    throw new Error(`That is more than ${formatTolerance}: do not publish it.`);
}

let options: TrainOptions;
try {
  options = readOptions();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
try {
  await train(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
