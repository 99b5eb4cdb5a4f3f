const consoleMethods = ["debug", "error", "info", "log", "trace", "warn"] as const;

/** The part of Node's `process` that is watched; absent in a browser. */
interface WatchedProcess {
  readonly stderr?: { write: (...parts: unknown[]) => boolean };
  listeners(event: string): ((...values: unknown[]) => void)[];
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  removeListener(event: string, listener: (...values: unknown[]) => void): unknown;
  removeAllListeners(event: string): unknown;
}

function findProcess(): WatchedProcess | undefined {
  const { process } = globalThis as { process?: unknown };
  return typeof Reflect.get(Object(process), "removeAllListeners") === "function"
    ? (process as WatchedProcess)
    : undefined;
}

/**
 * What `work` writes to the console, and to stderr from JavaScript. What native code writes goes
 * past JavaScript and is not seen; stdout itself is the test runner's to report on.
 */
export async function watchOutput(work: () => Promise<void>): Promise<string[]> {
  const printed: string[] = [];
  const restores: (() => void)[] = [];
  const replace = <Key extends string>(
    owner: Partial<Record<Key, (...parts: unknown[]) => unknown>>,
    key: Key,
  ): void => {
    const original = owner[key];
    restores.push(() => void (owner[key] = original));
    owner[key] = (...parts: unknown[]) => {
      printed.push(parts.map(String).join(" ").slice(0, 500));
      return true;
    };
  };
  for (const method of consoleMethods) replace(console, method);
  const host = findProcess();
  if (host?.stderr !== undefined) replace(host.stderr, "write");
  try {
    await work();
    await nextTurn();
  } finally {
    for (const restore of restores) restore();
  }
  return printed;
}

/** With what promises reject during `work` that nobody handles. A test runner is not told of them. */
export async function watchRejections(work: () => Promise<void>): Promise<unknown[]> {
  const reasons: unknown[] = [];
  const stop = listen((reason) => reasons.push(reason));
  try {
    await work();
    // A host tells of a rejection at the end of the turn.
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  } finally {
    stop();
  }
  return reasons;
}

function listen(onRejection: (reason: unknown) => void): () => void {
  const host = findProcess();
  if (host !== undefined) {
    const others = host.listeners("unhandledRejection");
    host.removeAllListeners("unhandledRejection");
    host.on("unhandledRejection", onRejection);
    return () => {
      host.removeListener("unhandledRejection", onRejection);
      for (const other of others) host.on("unhandledRejection", other);
    };
  }
  const onEvent = (event: Event): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    onRejection(Reflect.get(event, "reason"));
  };
  globalThis.addEventListener?.("unhandledrejection", onEvent, { capture: true });
  return () => globalThis.removeEventListener?.("unhandledrejection", onEvent, { capture: true });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
