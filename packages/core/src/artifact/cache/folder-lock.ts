import type { Environment } from "../../environment.ts";
import { delay } from "../delay.ts";
import { type NodeFolder, unlessGone } from "./node-folder.ts";

/** The sole right to write one key of a folder. */
export interface FolderLock {
  /** What the holder's files are named by: no other holder ever has the same. */
  readonly owner: string;
  release(): Promise<void>;
}

/** What {@link acquireLock} needs. */
export interface FolderLockOptions {
  readonly node: NodeFolder;
  readonly folder: string;
  readonly key: string;
  readonly environment: Environment;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
}

const suffix = ".lock";
const heartbeatMs = 2_000;
/** How long a lock may stand without a heartbeat while somebody watches it. */
const staleMs = 15_000;
const longestPollMs = 250;

/**
 * Waits until nobody else has the right to write `key`, and takes it.
 *
 * Each contender makes a file of a name that is only its own, and has the right if it then sees no
 * other living one: of two, whoever looks last sees both, so never both have it. Who sees another
 * one that was first in the alphabet steps back; that one waits, so that somebody gets through. A file
 * is dead when its process is, or when its heartbeat stands still; as nobody will ever have its name
 * again, anybody may remove it, however late.
 *
 * A holder that stands still for longer than 15 seconds (a process that is stopped, say) may be taken
 * for dead. So nothing but work saved rests on the right being sole: whole files appear by renaming, and
 * each holder writes files of its own name.
 */
export async function acquireLock(options: FolderLockOptions): Promise<FolderLock> {
  const { node, folder, key, environment, random, signal } = options;
  const watch = new LockWatch(options);
  const owner = `${node.process.pid}-${hostDigits(node.hostname())}-${randomDigits(random)}${randomDigits(random)}`;
  const path = node.join(folder, `${key}.${owner}${suffix}`);
  let isStanding = false;
  try {
    for (let attempt = 0; ; attempt += 1) {
      signal?.throwIfAborted();
      if (!isStanding && (await watch.livingOthers(owner)).length === 0) {
        const file = await node.fs.open(path, "wx");
        isStanding = true;
        await file.close();
      }
      if (isStanding) {
        const others = await watch.livingOthers(owner);
        if (others.length === 0) return startHeartbeat(path, owner, options);
        if (others.some((other) => other < owner)) {
          isStanding = false;
          await unlessGone(node.fs.unlink(path));
        }
      }
      const pollMs = Math.min(longestPollMs, 10 * 2 ** attempt);
      await delay(pollMs * (0.5 + random() / 2), environment, signal);
    }
  } catch (error) {
    if (isStanding) await unlessGone(node.fs.unlink(path));
    throw error;
  }
}

/** The owners whose locks of any key are alive, as far as one look can tell. */
export async function livingOwners(options: Omit<FolderLockOptions, "key">): Promise<ReadonlySet<string>> {
  const { node, folder } = options;
  const names = await node.fs.readdir(folder);
  const owners = names.filter((name) => name.endsWith(suffix)).map(ownerOf);
  return new Set(owners.filter((owner) => !isDead(owner, node)));
}

/** The owner in the name of a file, `key.owner.suffix`. */
export function ownerOf(name: string): string {
  return name.split(".")[1] ?? "";
}

/** Whether the process of an owner is known to be gone. Of another host's nothing is known. */
export function isDead(owner: string, node: NodeFolder): boolean {
  const [pid, host] = owner.split("-");
  if (host !== hostDigits(node.hostname())) return false;
  try {
    node.process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return Reflect.get(Object(error), "code") === "ESRCH";
  }
}

/** Watches the locks of one key. */
class LockWatch {
  readonly #options: FolderLockOptions;
  /** When the heartbeat of a lock was last seen to change, by its owner. */
  readonly #seen = new Map<string, { readonly mtimeMs: number; readonly at: number }>();

  constructor(options: FolderLockOptions) {
    this.#options = options;
  }

  /** The owners of living locks but `own`. Dead ones are removed. */
  async livingOthers(own: string): Promise<string[]> {
    const { node, folder, key } = this.#options;
    const names = (await node.fs.readdir(folder)).filter(
      (name) => name.startsWith(`${key}.`) && name.endsWith(suffix) && ownerOf(name) !== own,
    );
    const living: string[] = [];
    for (const name of names) {
      const path = node.join(folder, name);
      const owner = ownerOf(name);
      const stats = await unlessGone(node.fs.stat(path));
      if (stats === undefined) continue;
      if (isDead(owner, node) || this.#isStale(owner, stats.mtimeMs)) await unlessGone(node.fs.unlink(path));
      else living.push(owner);
    }
    return living;
  }

  /** By this process's own clock alone: that of a file may be another host's. */
  #isStale(owner: string, mtimeMs: number): boolean {
    const now = this.#options.environment.now();
    const last = this.#seen.get(owner);
    if (last?.mtimeMs === mtimeMs) return now - last.at > staleMs;
    this.#seen.set(owner, { mtimeMs, at: now });
    return false;
  }
}

function startHeartbeat(path: string, owner: string, { node, environment }: FolderLockOptions): FolderLock {
  let cancel = (): void => {};
  const beat = (): void => {
    const seconds = environment.now() / 1000;
    // A lock that was removed as dead is not made again: its holder goes on, and harms nobody.
    node.fs.utimes(path, seconds, seconds).catch(() => {});
    cancel = environment.setTimer(beat, heartbeatMs);
  };
  cancel = environment.setTimer(beat, heartbeatMs);
  return {
    owner,
    async release() {
      cancel();
      await unlessGone(node.fs.unlink(path));
    },
  };
}

/** A few digits that stand for the host. FNV-1a, 32 bits. */
function hostDigits(hostname: string): string {
  let hash = 0x811c9dc5;
  for (const character of hostname) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36);
}

function randomDigits(random: () => number): string {
  return Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, "0");
}
