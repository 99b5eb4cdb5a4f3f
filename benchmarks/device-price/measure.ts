import type { ModelPackage } from "@mlops/core";

import type { PriceResponse } from "../../examples/device-price/price-server.ts";
import { runClosedLoop } from "../lib/closed-loop.ts";
import { findFreePort } from "../lib/free-port.ts";
import { encodePost, HttpClient } from "../lib/http-client.ts";
import { summarizeLatencies } from "../lib/latency-summary.ts";
import { Measurements } from "../lib/measurements.ts";
import type { Progress } from "../lib/progress.ts";
import { orderOfRound } from "../lib/rounds.ts";
import { type ServerProcess, startServerProcess } from "../lib/server-process.ts";
import { createDevices } from "./devices.ts";
import { computeExpectedAnswers } from "./expected-answers.ts";
import { coldStart, type LoadFigure, loadFigure, peakMemory } from "./figures.ts";
import { findPriceProblem, findProblem } from "./find-problem.ts";
import type { Scenario } from "./scenarios.ts";
import type { Subject } from "./subjects.ts";

/** Options of {@link measure}. */
export interface MeasureOptions {
  readonly modelPackage: ModelPackage;
  readonly subjects: readonly Subject[];
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly progress: Progress;
}

/** A request, and what has to come back. */
interface Exchange {
  readonly request: Buffer;
  readonly expected: PriceResponse;
}

/** A subject whose server is up. */
interface RunningSubject {
  readonly subject: Subject;
  readonly server: ServerProcess;
  readonly client: HttpClient;
  readonly exchanges: readonly Exchange[];
}

const deviceCount = 100;

/**
 * Measures all subjects in turn, round by round: in each, every server starts anew, and then each
 * load comes to one server after the other while the others are idle.
 *
 * @throws Error when a server does not start, or answers anything wrong before it is under load.
 */
export async function measure(options: MeasureOptions): Promise<Measurements> {
  const { modelPackage, subjects, scenarios, rounds, progress } = options;
  const exchanges = await createExchanges(modelPackage);
  const measurements = new Measurements();

  for (const subject of subjects) {
    progress(`checking all answers of ${subject.name}`);
    const running = await start(subject, exchanges(subject));
    try {
      for (const exchange of exchanges(subject)) await checkAnswer(running.client, exchange);
    } finally {
      await stop(running);
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}: starting the servers`);
    const running: RunningSubject[] = [];
    try {
      for (const subject of orderOfRound(subjects, round)) {
        const started = await start(subject, exchanges(subject));
        running.push(started);
        if (subject.keepAlive !== false) {
          measurements.add({ figure: coldStart.name, subject: subject.name }, started.server.coldStartMs);
        }
      }
      for (const scenario of scenarios) {
        for (const subject of running) {
          progress(`round ${round + 1} of ${rounds}: ${scenario.name}, ${subject.subject.name}`);
          await measureLoad(subject, scenario, measurements);
        }
      }
      for (const { subject, server } of running) {
        const peakMb = server.peakMemoryMb();
        if (peakMb !== undefined && subject.keepAlive !== false) {
          measurements.add({ figure: peakMemory.name, subject: subject.name }, peakMb);
        }
      }
    } finally {
      await Promise.all(running.map(stop));
    }
  }
  return measurements;
}

/** Makes the requests, once, and gives them as a subject's clients send them. */
async function createExchanges(modelPackage: ModelPackage): Promise<(subject: Subject) => Exchange[]> {
  const vocabularies = modelPackage.manifest.extra as Record<"brands" | "operatingSystems", string[]>;
  const devices = createDevices({ count: deviceCount, seed: 2026, ...vocabularies });
  const expected = await computeExpectedAnswers(modelPackage, devices);
  return ({ keepAlive }) =>
    devices.map((body, index) => ({
      request: encodePost({ path: "/v1/price", body, keepAlive }),
      expected: expected[index]!,
    }));
}

async function start(subject: Subject, exchanges: readonly Exchange[]): Promise<RunningSubject> {
  const port = await findFreePort();
  const client = new HttpClient(port);
  const server = await startServerProcess({
    ...subject.launch(port),
    probe: () => checkAnswer(client, exchanges[0]!),
  });
  return { subject, server, client, exchanges };
}

async function stop({ server, client }: RunningSubject): Promise<void> {
  client.close();
  await server.stop();
}

async function checkAnswer(client: HttpClient, { request, expected }: Exchange): Promise<void> {
  const problem = findProblem(await client.send(request), expected);
  if (problem !== undefined) throw new Error(`It answers ${problem}`);
}

async function measureLoad(
  { subject, client, exchanges }: RunningSubject,
  scenario: Scenario,
  measurements: Measurements,
): Promise<void> {
  const exchangeAt = (index: number): Exchange => exchanges[index % exchanges.length]!;
  const load = {
    ...scenario,
    send: (index: number) => client.send(exchangeAt(index).request),
    findProblem: (answer: Awaited<ReturnType<HttpClient["send"]>>, index: number) =>
      findPriceProblem(answer, exchangeAt(index).expected),
  };
  if (scenario.warmUpMs > 0) await runClosedLoop({ ...load, maxMs: scenario.warmUpMs });

  const { latenciesMs, errors, firstProblem, durationMs } = await runClosedLoop(load);
  const good = latenciesMs.length;
  if (good === 0) throw new Error(`${subject.name} gave no good answer: ${firstProblem ?? "no time"}`);
  const values: Readonly<Record<LoadFigure, number>> = {
    ...summarizeLatencies(latenciesMs),
    "requests/s": good / (durationMs / 1000),
    "error rate": errors / (good + errors),
  };
  for (const [figure, value] of Object.entries(values)) {
    const name = loadFigure(scenario, figure as LoadFigure).name;
    measurements.add({ figure: name, subject: subject.name }, value);
  }
}
