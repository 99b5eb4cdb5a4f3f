/** The part of Node's `fs/promises` that is used here; Deno and Bun have it too. */
export interface NodeFileSystem {
  open(path: string | URL, flags: "r"): Promise<NodeFileHandle>;
}

interface NodeFileHandle {
  stat(): Promise<{ size: number }>;
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/**
 * The host's file system, `undefined` in a browser. It is asked for by name when it is needed,
 * so that no bundler has to resolve an import that browsers lack.
 */
export function nodeFileSystem(): NodeFileSystem | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  // Typed by the subset used: core does without Node's types.
  return process?.getBuiltinModule?.("node:fs/promises") as NodeFileSystem | undefined;
}
