import { drawnBuckets } from "../engine/experiment/begin-experiment.ts";
import type { Run } from "../engine/state.ts";
import type { Sticky } from "../policy/experiment.ts";
import type { Assignments, AssignmentScope, KeepRequest, Kept } from "../rollout/assignments.ts";
import { fallbackKey } from "../rollout/fallback-key.ts";
import type { Assignment, AssignmentStore } from "./assignment-store.ts";
import { judgeExperiment } from "./judge-experiment.ts";
import { createMemoryAssignmentStore } from "./memory-assignment-store.ts";

/** Options of {@link createAssignments}. */
export interface AssignmentsOptions {
  /** What the replicas share. Default the memory of this process, which is right for one replica only. */
  readonly store?: AssignmentStore | undefined;
  /** How many keys this replica remembers, so that it need not ask the store for them again. Default 100,000. */
  readonly cachedKeys?: number | undefined;
}

/** Keeps what keys are given, and hears what comes of it: for A/B tests, bandits and policies that are `sticky`. */
export function createAssignments({
  store = createMemoryAssignmentStore(),
  cachedKeys = 100_000,
}: AssignmentsOptions = {}): Assignments {
  const cache = new KeptCache(cachedKeys);
  return {
    keep(request) {
      const cached = cache.get(request);
      return cached ?? find(request, store).then((kept) => cache.set(request, kept));
    },
    report(outcome) {
      const { key, value, now: at, epoch: generation, run } = outcome;
      const { attributionMs } = run.policy.experiment!.metric; // A rollout reports outcomes of experiments only.
      return store.report(scopeOf(outcome), key, { generation, value, at, attributionMs });
    },
    async judge(request) {
      const { run, epoch: generation, stable, now } = request;
      const before = now - run.policy.experiment!.metric.attributionMs; // Only experiments are judged.
      const tallies = await store.tally(scopeOf(request), { generation, before });
      return { findings: judgeExperiment(run, stable, tallies), evidence: tallies };
    },
  };
}

function scopeOf({ rollout, run }: AssignmentScope): string {
  return `${rollout}/${run.policy.seed}`;
}

const notSticky: Sticky = { bucketVersion: 0, minimumBucketVersion: 0, fallbackAttribute: null };

/** What the store holds for a key, or takes for it now. */
async function find(request: KeepRequest, store: AssignmentStore): Promise<Kept> {
  const { run, key, attributes, stable } = request;
  const { bucketVersion, minimumBucketVersion, fallbackAttribute } = run.policy.sticky ?? notSticky;
  const fallback = fallbackAttribute === null ? undefined : fallbackKey(fallbackAttribute, attributes);
  const keys = fallback === undefined || fallback === key ? [key] : [key, fallback];
  const held = (await store.read(scopeOf(request), keys)).find((assignment) => assignment !== undefined);
  if (held !== undefined && held.bucketVersion < minimumBucketVersion) {
    return { version: stable, isCounted: false };
  }
  const isKept =
    held !== undefined && held.bucketVersion >= bucketVersion && isOfThese(held, versionsOf(run, stable));
  return run.experiment === undefined
    ? keepCandidate(request, store, bucketVersion, isKept && held.version === run.candidate)
    : keepVariant(request, store, bucketVersion, isKept ? held : undefined);
}

/** Of an experiment its versions, the stable one last; else none, as nobody is compared. */
function versionsOf({ policy }: Run, stable: string): string[] {
  const { experiment } = policy;
  return experiment === undefined ? [] : [...experiment.variants.map(({ version }) => version), stable];
}

/**
 * Whether an experiment of these versions may keep it. Of one with other versions only those would stay
 * whose version is in both, and the split would be none that anybody planned.
 */
function isOfThese({ versions }: Assignment, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  return versions.length === wanted.length && wanted.every((version, arm) => versions[arm] === version);
}

/** In an experiment a key keeps whichever version it has, from its first request on. */
async function keepVariant(
  request: KeepRequest,
  store: AssignmentStore,
  bucketVersion: number,
  held: Assignment | undefined,
): Promise<Kept> {
  const { run, key, version, isCounted, now: at, epoch: generation, stable } = request;
  if (held === undefined && !isCounted) return { version, isCounted };
  const weights = held?.weights ?? drawnBuckets(run);
  const claimed = await store.claim(scopeOf(request), key, {
    version: held?.version ?? version,
    bucketVersion,
    generation,
    at,
    versions: versionsOf(run, stable),
    weights,
  });
  return claimed === undefined
    ? { version, isCounted: false }
    : { version: claimed.version, isCounted: true };
}

/**
 * In any other rollout who has had the candidate keeps it, also where the stage is not for them any
 * more; the stable version is not kept, as nobody would ever leave it.
 */
async function keepCandidate(
  request: KeepRequest,
  store: AssignmentStore,
  bucketVersion: number,
  isHeld: boolean,
): Promise<Kept> {
  const { run, key, version, isCounted, now: at, epoch: generation } = request;
  const { candidate } = run;
  if (version === candidate) {
    if (!isHeld) {
      const proposal = { version, bucketVersion, generation, at, versions: [], weights: [] };
      await store.claim(scopeOf(request), key, proposal);
    }
    return { version, isCounted };
  }
  return isHeld ? { version: candidate, isCounted: false } : { version, isCounted };
}

/** What this replica knows of keys already: of one stage, the latest. */
class KeptCache {
  readonly #maxKeys: number;
  readonly #kept = new Map<string, Kept>();
  #stage = "";

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get(request: KeepRequest): Kept | undefined {
    this.#enter(request);
    return this.#kept.get(request.key);
  }

  set(request: KeepRequest, kept: Kept): Kept {
    this.#enter(request);
    if (this.#kept.size >= this.#maxKeys) {
      // The one that came first; a Map keeps their order.
      for (const key of this.#kept.keys()) {
        this.#kept.delete(key);
        break;
      }
    }
    if (this.#maxKeys > 0) this.#kept.set(request.key, kept);
    return kept;
  }

  #enter(request: KeepRequest): void {
    const stage = `${scopeOf(request)}/${request.epoch}/${request.run.stageRevision}`;
    if (stage === this.#stage) return;
    this.#stage = stage;
    this.#kept.clear();
  }
}
