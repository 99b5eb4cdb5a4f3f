/**
 * A module of Node, of Deno or of Bun; `undefined` in a browser. It is asked for by name when it
 * is needed, so that no bundler has to resolve an import that browsers lack.
 *
 * @typeParam Module - The part of the module that is used: core does without Node's types.
 */
export function builtinModule<Module>(name: string): Module | undefined {
  return hostProcess()?.getBuiltinModule?.(name) as Module | undefined;
}

/** The part of Node's `process` that workers use. */
export interface HostProcess {
  readonly getBuiltinModule?: (name: string) => unknown;
  readonly execArgv?: readonly string[];
  readonly stdout: { write: unknown };
  readonly stderr: { write: unknown };
  /** Absent unless this process was forked. */
  readonly send?: (
    message: unknown,
    handle: undefined,
    options: undefined,
    callback: (error: Error | null) => void,
  ) => boolean;
  on(event: "message", listener: (message: never) => void): unknown;
  on(event: "disconnect", listener: () => void): unknown;
  exit(code: number): never;
}

/** The host's `process`, `undefined` in a browser. */
export function hostProcess(): HostProcess | undefined {
  const { process } = globalThis as { process?: unknown };
  return process as HostProcess | undefined;
}
