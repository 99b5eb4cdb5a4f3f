import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import type { AuditEntry } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";
import { StoreFailureError } from "../errors/store-failure-error.ts";
import { checkName } from "./check-name.ts";
import type { ReplicaEvidence, RolloutStore, StoredRollout } from "./store.ts";

/** Options of {@link createFileStore}. */
export interface FileStoreOptions {
  /** Where the files are; it is made where it is not there. On one machine, and no network file system. */
  readonly folder: string;
  /** What time it is, in milliseconds since the Unix epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What a file of one revision holds. */
interface RevisionFile {
  readonly state: RolloutState;
  readonly entry?: AuditEntry | undefined;
  /** The last audit entry at that revision. */
  readonly head?: StoredRollout["head"];
  /** Of this file, and of the one that it follows: which of two files of one revision was first. */
  readonly token: string;
  readonly previousToken: string | null;
}

/** How many revisions without an audit entry are kept, so that a writer who was stopped for long finds out that it is late. */
const keptRevisions = 64;
const dayMs = 86_400_000;

/**
 * A store in a folder, for the processes of one machine.
 *
 * Each revision is a file of its own. It is written beside, flushed to the disk, and then linked to
 * its name, which fails where somebody else was first: so there is no lock that a process could die
 * with, and a process that is killed at any moment leaves either the state before or the one after.
 * Revisions with an audit entry are kept for ever, and together are the audit log.
 */
export function createFileStore({ folder, now = Date.now }: FileStoreOptions): RolloutStore {
  const folderOf = (rollout: string): string => {
    checkName("rollout", rollout);
    return join(folder, rollout);
  };

  return {
    async read(rollout, { signal } = {}) {
      const newest = await readNewest(folderOf(rollout), signal);
      return { state: newest?.state, head: newest?.head, now: now() };
    },

    async compareAndSet(rollout, { expectedRevision, state, entry }, { signal } = {}) {
      const own = folderOf(rollout);
      await mkdir(own, { recursive: true });
      const newest = await readNewest(own, signal);
      if ((newest?.state.revision ?? 0) !== expectedRevision) return false;
      const token = crypto.randomUUID();
      const file: RevisionFile = {
        state,
        ...(entry !== undefined && { entry }),
        head: entry === undefined ? newest?.head : { sequence: entry.sequence, hash: entry.hash },
        token,
        previousToken: newest?.token ?? null,
      };
      if (!(await writeNew(own, state.revision, file))) return false;
      if (await hasSucceeded(own, state.revision, token)) {
        await prune(own, state.revision);
        return true;
      }
      await rm(join(own, nameOf(state.revision)), { force: true });
      return false;
    },

    async *readAudit(rollout, { from = 1, signal } = {}) {
      const own = folderOf(rollout);
      for (const revision of await listRevisions(own)) {
        signal?.throwIfAborted();
        const { entry } = (await readRevision(own, revision)) ?? {};
        if (entry !== undefined && entry.sequence >= from) yield entry;
      }
    },

    async putEvidence(rollout, evidence) {
      checkName("replica", evidence.replica);
      const own = join(folderOf(rollout), "evidence");
      await mkdir(own, { recursive: true });
      const temporary = join(own, `.${crypto.randomUUID()}`);
      await writeFlushed(temporary, evidence, false);
      await rename(temporary, join(own, `${evidence.replica}.json`));
    },

    async readEvidence(rollout, stageRevision) {
      const own = join(folderOf(rollout), "evidence");
      const found: ReplicaEvidence[] = [];
      for (const name of await listFiles(own)) {
        if (name.startsWith(".")) continue;
        const evidence = (await readJson(join(own, name))) as ReplicaEvidence | undefined; // This store wrote it.
        if (evidence?.stageRevision === stageRevision) found.push(evidence);
      }
      return found;
    },

    async close() {},
  };
}

/** The newest revision. It may be taken away while it is read, when a newer one came. */
async function readNewest(folder: string, signal?: AbortSignal): Promise<RevisionFile | undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const newest = (await listRevisions(folder)).at(-1);
    if (newest === undefined) return undefined;
    const file = await readRevision(folder, newest);
    if (file !== undefined) return file;
  }
}

/** Whether the file of a revision is this writer's, and what came after it follows from it. */
async function hasSucceeded(folder: string, revision: number, token: string): Promise<boolean> {
  const newer = (await listRevisions(folder)).find((other) => other > revision);
  if (newer === undefined) return true;
  const next = await readRevision(folder, newer);
  return newer === revision + 1 && next?.previousToken === token;
}

/** Writes the file of a revision unless there is one. */
async function writeNew(folder: string, revision: number, file: RevisionFile): Promise<boolean> {
  const temporary = join(folder, `.${file.token}`);
  try {
    await writeFlushed(temporary, file, true);
    await link(temporary, join(folder, nameOf(revision)));
    await flushFolder(folder);
    return true;
  } catch (cause) {
    if (isCode(cause, "EEXIST")) return false;
    throw new StoreFailureError({ store: "file", problem: `could not write in ${folder}`, cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeFlushed(path: string, value: unknown, isFlushed: boolean): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(JSON.stringify(value));
    if (isFlushed) await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the name survives a loss of power, too. Where a folder cannot be opened, as on Windows, it is left to the system. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync();
    await handle.close();
  } catch {
    // It was written all the same.
  }
}

/** Takes away what is old and tells of nothing, and what killed writers left. */
async function prune(folder: string, revision: number): Promise<void> {
  for (const old of await listRevisions(folder)) {
    if (old > revision - keptRevisions) break;
    const file = await readRevision(folder, old);
    if (file !== undefined && file.entry === undefined) await rm(join(folder, nameOf(old)), { force: true });
  }
  for (const name of await listFiles(folder)) {
    if (!name.startsWith(".")) continue;
    const path = join(folder, name);
    const { mtimeMs = Infinity } = (await stat(path).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > dayMs) await rm(path, { force: true });
  }
}

const digits = 15;

function nameOf(revision: number): string {
  return `${String(revision).padStart(digits, "0")}.json`;
}

/** All revisions that there are files of, ascending. */
async function listRevisions(folder: string): Promise<number[]> {
  const names = await listFiles(folder);
  return names
    .filter((name) => /^\d{15}\.json$/.test(name))
    .map((name) => Number(name.slice(0, digits)))
    .sort((a, b) => a - b);
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return [];
    throw new StoreFailureError({ store: "file", problem: `could not read ${folder}`, cause });
  }
}

async function readRevision(folder: string, revision: number): Promise<RevisionFile | undefined> {
  return (await readJson(join(folder, nameOf(revision)))) as RevisionFile | undefined; // This store wrote it.
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return undefined;
    throw new StoreFailureError({ store: "file", problem: `could not read ${path}`, cause });
  }
}

function isCode(cause: unknown, code: string): boolean {
  return typeof cause === "object" && cause !== null && Reflect.get(cause, "code") === code;
}
