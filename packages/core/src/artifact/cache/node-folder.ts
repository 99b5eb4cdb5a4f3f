import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { builtinModule } from "../../worker/builtin-module.ts";

/** The parts of Node's modules that a folder cache uses; Deno and Bun have them too. */
export interface NodeFolder {
  readonly fs: {
    open(path: string, flags: "r" | "wx" | "a+"): Promise<NodeFile>;
    mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
    readdir(path: string): Promise<string[]>;
    rename(from: string, to: string): Promise<void>;
    copyFile(from: string, to: string, mode: number): Promise<void>;
    unlink(path: string): Promise<void>;
    stat(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }>;
    utimes(path: string, atime: number, mtime: number): Promise<void>;
  };
  readonly join: (...parts: readonly string[]) => string;
  readonly homedir: () => string;
  readonly hostname: () => string;
  readonly process: {
    readonly pid: number;
    readonly platform: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    kill(pid: number, signal: 0): unknown;
  };
}

/** An open file. */
export interface NodeFile {
  stat(): Promise<{ readonly size: number }>;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  appendFile(data: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** @throws UnsupportedError `UNSUPPORTED` where the host has no file system. */
export function nodeFolder(): NodeFolder {
  const fs = builtinModule<NodeFolder["fs"]>("node:fs/promises");
  const path = builtinModule<Pick<NodeFolder, "join">>("node:path");
  const os = builtinModule<Pick<NodeFolder, "homedir" | "hostname">>("node:os");
  if (fs === undefined || path === undefined || os === undefined) {
    throw new UnsupportedError({
      feature: "A cache in a folder, on a host without a file system,",
      remedy: "Use browserCache() in a page.",
    });
  }
  // Typed by the subset used: core does without Node's types.
  const { process } = globalThis as unknown as Pick<NodeFolder, "process">;
  return { fs, join: path.join, homedir: os.homedir, hostname: os.hostname, process };
}

/** Whether an error of the file system has this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === "object" && error !== null && codes.includes(String(Reflect.get(error, "code")));
}

/** Waits for what may find its file gone, as another process may have removed it. */
export async function unlessGone<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
