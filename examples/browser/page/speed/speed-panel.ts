import { ClosedError, type Predictor } from "@mlops/core";

import { byId, make } from "../dom.ts";
import { messageOf } from "../message-of.ts";
import { watchFrames } from "./frame-meter.ts";
import { measureSpeed, type SpeedReading } from "./speed-meter.ts";
import { SpeedPlot } from "./speed-plot.ts";

/** A run that can be started: what predicts, and with which input. */
export interface SpeedSource {
  readonly open: () => Promise<Run | undefined>;
}

/** One model on one device, with what it is asked, its types forgotten. */
export interface Run {
  readonly measure: (onReading: (reading: SpeedReading) => void, signal: AbortSignal) => Promise<void>;
}

/** A {@link Run} of a predictor. */
export function runOf<Input, Output>(predictor: Predictor<Input, Output>, nextInput: () => Input): Run {
  return { measure: (onReading, signal) => measureSpeed({ predictor, nextInput, onReading, signal }) };
}

const figures = [
  { key: "perSecond", label: "a second", colour: "--accent" },
  { key: "p50", label: "p50, ms", colour: "--p50" },
  { key: "p95", label: "p95, ms", colour: "--p95" },
  { key: "p99", label: "p99, ms", colour: "--p99" },
] as const;

/** The part of the page that measures. Gives what is to be called when the models move to another device. */
export function showSpeedPanel(sources: Readonly<Record<string, SpeedSource>>): {
  readonly restart: () => void;
} {
  const button = byId("speed-toggle", HTMLButtonElement);
  const select = byId("speed-model", HTMLSelectElement);
  const frames = byId("frames", HTMLParagraphElement);
  const [ratePart, latencyParts] = [figures.slice(0, 1), figures.slice(1)];
  const rate = new SpeedPlot(byId("rate-plot", HTMLDivElement), ratePart);
  const latency = new SpeedPlot(byId("latency-plot", HTMLDivElement), latencyParts);
  const values = new Map(figures.map(({ key }) => [key, make("dd", {}, "–")]));
  byId("figures", HTMLDListElement).append(
    ...figures.map(({ key, label, colour }) =>
      make("div", { className: `figure figure${colour}` }, make("dt", {}, label), values.get(key)!),
    ),
  );

  let running: AbortController | undefined;

  const show = (reading: SpeedReading): void => {
    for (const { key } of figures) values.get(key)!.textContent = format(reading[key]);
    rate.add(
      reading.atSeconds,
      ratePart.map(({ key }) => reading[key]),
    );
    latency.add(
      reading.atSeconds,
      latencyParts.map(({ key }) => reading[key]),
    );
  };

  const stop = (): void => {
    running?.abort();
    running = undefined;
    button.textContent = "Run";
  };

  const start = async (): Promise<void> => {
    running?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    running = controller;
    button.textContent = "Stop";
    rate.clear();
    latency.clear();
    const run = await sources[select.value]?.open();
    if (run === undefined || signal.aborted) return;
    watchFrames(({ framesPerSecond, longTasks }) => {
      const tasks = longTasks === undefined ? "" : `, ${longTasks} tasks of over 50 ms`;
      frames.textContent = `The page meanwhile: ${framesPerSecond.toFixed(0)} frames a second${tasks}.`;
    }, signal);
    try {
      await run.measure(show, signal);
    } catch (error) {
      // The model has moved to another device, on which `restart` goes on.
      if (ClosedError.isInstance(error)) return;
      stop();
      frames.textContent = messageOf(error);
    }
  };

  button.addEventListener("click", () => (running === undefined ? void start() : stop()));
  select.addEventListener("change", () => running && void start());
  return { restart: () => running && void start() };
}

function format(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
