import { type FakeRun, FakeSession, rows, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { BatchScheduler, type BatchSchedulerOptions } from "./batch-scheduler.ts";
import type { Lane, Lanes } from "./lane.ts";
import type { ScheduledRequest, ScheduledResult } from "./scheduler.ts";
import { SessionLanes } from "./session-lanes.ts";

/** A request and how it ended. */
export interface Submission {
  readonly values: readonly number[];
  /** Its answers: the values of `y`, or the error. */
  readonly outcomes: unknown[];
  /** What came with the result. */
  result: ScheduledResult | undefined;
}

/** What a {@link SchedulerSetup} is made with. */
export interface SchedulerSetupOptions extends Partial<BatchSchedulerOptions> {
  readonly laneCount?: number;
  readonly supportsParallelRuns?: boolean;
  /** The only session, where the `lanes` are the test's own. */
  readonly session?: FakeSession;
}

/** A scheduler over a held session, one lane unless there are more sessions. */
export class SchedulerSetup {
  readonly environment: FakeEnvironment = new FakeEnvironment();
  readonly sessions: readonly FakeSession[];
  readonly session: FakeSession;
  readonly scheduler: BatchScheduler;
  readonly lanes: Lanes;
  readonly submissions: Submission[] = [];

  readonly #maxDelayMs: number;

  constructor({
    laneCount = 1,
    supportsParallelRuns = false,
    session,
    ...options
  }: SchedulerSetupOptions = {}) {
    const make = (): FakeSession => new FakeSession({ hold: true, supportsParallelRuns });
    this.sessions = session === undefined ? Array.from({ length: laneCount }, make) : [session];
    this.session = this.sessions[0]!;
    this.#maxDelayMs = options.maxDelayMs ?? 0;
    this.lanes = laneCount === 1 ? new SessionLanes(this.session) : new FakeLanes(this.sessions);
    this.scheduler = new BatchScheduler({
      model: "doubling",
      signature: this.session,
      lanes: this.lanes,
      environment: this.environment,
      maxBatchSize: 64,
      maxRunRows: Infinity,
      shareRuns: true,
      splitRequests: options.shareRuns ?? true,
      maxDelayMs: 0,
      maxQueueSize: 1_024,
      ...options,
    });
  }

  /** The rows of each run of the first session, oldest first. */
  get batches(): (readonly number[])[] {
    return this.session.runs.map(({ values }) => values);
  }

  /** Submits one request of these rows. */
  submit(values: readonly number[] | number, options: Partial<ScheduledRequest> = {}): Submission {
    const list = typeof values === "number" ? [values] : values;
    const submission: Submission = { values: list, outcomes: [], result: undefined };
    this.submissions.push(submission);
    const request = { tensors: rows(...list), rows: list.length, ...noOptions, ...options };
    this.scheduler.submit(request).then(
      (result) => {
        submission.result = result;
        submission.outcomes.push(
          result.outputs["y"] === undefined ? result.outputs : valuesOfY(result.outputs),
        );
      },
      (error: unknown) => submission.outcomes.push(error),
    );
    return submission;
  }

  /** Submits requests of one row each. */
  submitEach(...values: number[]): Submission[] {
    return values.map((value) => this.submit(value));
  }

  /** Finishes the oldest run after `tookMs`, and lets happen what follows. */
  async finish(tookMs = 0): Promise<void> {
    this.environment.advance(tookMs);
    this.session.heldRuns[0]!.finish();
    await settled();
  }

  /** Ends run after run until none is left; those with a poisonous row fail. */
  async runAll(
    isPoison: (value: number) => boolean = () => false,
    failure: (value: number) => Error = (value) => new Error(`poison ${value}`),
  ): Promise<void> {
    for (;;) {
      await settled();
      const [run] = this.#heldRuns;
      if (run === undefined) return;
      const poison = run.values.find(isPoison);
      if (poison === undefined) run.finish();
      else run.fail(failure(poison));
    }
  }

  get #heldRuns(): FakeRun[] {
    return this.sessions.flatMap(({ heldRuns }) => heldRuns);
  }

  /** Teaches the cost model that a run takes `fixedMs` and `perRowMs` for each row. */
  async train(fixedMs: number, perRowMs: number): Promise<void> {
    for (const size of [1, 2]) {
      this.submit(Array.from({ length: size }, (_, index) => -1 - index));
      await settled();
      if (this.#heldRuns.length === 0) this.environment.advance(this.#maxDelayMs);
      await settled();
      this.environment.advance(fixedMs + size * perRowMs);
      this.#heldRuns[0]!.finish();
      await settled();
    }
    for (const { runs } of this.sessions) runs.length = 0;
    this.submissions.length = 0;
  }
}

const noOptions = { outputs: undefined, signal: undefined, deadline: undefined, priority: undefined };

/** A lane for each session. */
class FakeLanes implements Lanes {
  onFree: () => void = () => {};
  onStuck: (error: unknown) => void = () => {};
  readonly size: number;
  readonly #free: Lane[];

  constructor(sessions: readonly FakeSession[]) {
    this.size = sessions.length;
    this.#free = sessions.map((session) => ({ session, kind: "worker", memory: new Map() }));
  }

  get freeCount(): number {
    return this.#free.length;
  }

  take(): Lane | undefined {
    return this.#free.shift();
  }

  free(lane: Lane): void {
    this.#free.push(lane);
    this.onFree();
  }

  async release(): Promise<void> {}
}

/** What requests that were given up, refused or failed came to. */
export function codesOf(submissions: readonly Submission[]): unknown[] {
  return submissions.map(({ outcomes: [outcome] }) =>
    outcome instanceof Error ? ((outcome as Error & { code?: string }).code ?? outcome.message) : outcome,
  );
}

/** The answer of each: its own rows, doubled. */
export function doubled(submissions: readonly Submission[]): unknown[] {
  return submissions.map(({ values }) => [values.map((value) => 2 * value)]);
}

/** How each was answered. */
export function outcomesOf(submissions: readonly Submission[]): unknown[] {
  return submissions.map(({ outcomes }) => outcomes);
}

/** The whole numbers from `from` to `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
