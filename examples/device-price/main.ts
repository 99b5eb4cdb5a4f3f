import { createPredictor, type LoadProgress, openModelPackage, type Predictor } from "@mlops/core";
import { onnx } from "@mlops/backend-onnx";

import type { Device } from "./device.ts";
import { type DevicePrice, devicePriceModel } from "./device-price-model.ts";
import { createPriceServer, type PriceResponse } from "./price-server.ts";

const sample: Device = {
  brand: "Samsung",
  os: "Android",
  newPriceEur: 250,
  releaseYear: 2019,
  daysUsed: 300,
  ramGb: 4,
  storageGb: 64,
  screenCm: 15.5,
  rearCameraMp: 12,
  frontCameraMp: 8,
  batteryMah: 3500,
  has4g: true,
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { host, port } = readAddress(process.env);
  const predictor = await loadPredictor();
  describeModel(predictor);

  const app = await createPriceServer(predictor, { logger: { level: "warn" } });
  let url: string;
  try {
    url = await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
  stopOnSignals(() => app.close());

  const { price, firstMs, secondMs } = await askTwice(url);
  say(
    `A real prediction over HTTP: ${price.priceEur} EUR, in ${secondMs.toFixed(1)} ms (the first took ${firstMs.toFixed(1)} ms).`,
  );
  say(`The model did without: ${price.imputedFields.join(", ") || "nothing"}.`);
  say("");
  say(`Listening on ${url}`);
  say(`  ${url}/                        a form to try it in`);
  say(`  ${url}/v1/price                POST a device, get its price`);
  say(`  ${url}/v2/models/${price.model}     the model by the Open Inference Protocol`);
  say("");
  say(`  curl -s ${url}/v1/price -H 'content-type: application/json' -d '${JSON.stringify(sample)}'`);
  say("");
  say("Stop with Ctrl-C.");
}

async function loadPredictor(): Promise<Predictor<Device, DevicePrice>> {
  const modelPackage = await openModelPackage(new URL("./model/", import.meta.url));
  return createPredictor({
    model: devicePriceModel(modelPackage),
    backend: onnx(),
    onProgress: sayProgress,
  });
}

function sayProgress(progress: LoadProgress): void {
  if (progress.phase === "preparing") say("Preparing the model in ONNX Runtime …");
  else if (progress.phase === "reading" && progress.loadedBytes === progress.totalBytes) {
    say(`Read ${(progress.loadedBytes / 1024).toFixed(0)} KiB of model.`);
  }
}

function describeModel({ info }: Predictor<Device, DevicePrice>): void {
  const { card } = info;
  const metrics = (card?.metrics ?? []).filter((metric) => metric.of === undefined).slice(0, 3);
  const data = card?.training?.data;
  say("");
  say(`  ${info.model} ${info.version}: ${card?.description ?? ""}`);
  say(
    `  trained on ${data?.rows ?? "?"} rows of "${data?.name ?? "?"}"; runs on ${info.backend}, ${info.device}`,
  );
  say(
    `  ${metrics.map(({ name, value, unit }) => `${name} ${value}${unit === undefined ? "" : ` ${unit}`}`).join(", ")}, on held-out rows`,
  );
  say("");
}

async function askTwice(url: string): Promise<{ price: PriceResponse; firstMs: number; secondMs: number }> {
  const ask = async (): Promise<{ price: PriceResponse; milliseconds: number }> => {
    const startedAt = performance.now();
    const response = await fetch(`${url}/v1/price`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sample),
    });
    if (!response.ok)
      throw new Error(`The server answered its own sample with ${response.status}: ${await response.text()}`);
    const price = (await response.json()) as PriceResponse;
    return { price, milliseconds: performance.now() - startedAt };
  };
  const first = await ask();
  const second = await ask();
  return { price: second.price, firstMs: first.milliseconds, secondMs: second.milliseconds };
}

function readAddress({ HOST: host = "127.0.0.1", PORT: port = "3000" }: NodeJS.ProcessEnv): {
  host: string;
  port: number;
} {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (number <= 65_535) return { host, port: number };
  throw new Error(
    `PORT is ${JSON.stringify(port)}; it has to be a number from 0 to 65535, 0 for any free one.`,
  );
}

function listenError(error: unknown, host: string, port: number): Error {
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  if (code === "EADDRINUSE") {
    return new Error(
      `Port ${port} of ${host} is taken. Choose another one: PORT=${port === 65_535 ? 3000 : port + 1} npx pnpm@12 start`,
    );
  }
  if (code === "EACCES")
    return new Error(
      `This user may not listen on port ${port}. Choose one above 1023: PORT=3000 npx pnpm@12 start`,
    );
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new Error(
      `This machine has no address ${JSON.stringify(host)}. Choose another one with HOST, such as 127.0.0.1 or 0.0.0.0.`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    // Whoever asks twice does not want to wait for what is under way.
    if (isStopping) process.exit(1);
    isStopping = true;
    say("Stopping: finishing what is under way …");
    stop().then(
      () => say("Stopped."),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exitCode = 1;
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
