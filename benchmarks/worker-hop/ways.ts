/** What goes to the other thread. */
export interface HopMessage {
  readonly x: Float32Array;
  /** Whether the memory of `x` is to come back with the answer. */
  readonly comesBack: boolean;
}

/** What comes back: the sum of all elements, because a worker reads what it is sent. */
export interface HopReply {
  readonly sum: number;
  readonly x: Float32Array<ArrayBuffer> | undefined;
}

/** The ways, the one to compare with first. */
export const wayNames = [
  "structured clone",
  "transfer of a copy",
  "transfer, the memory comes back",
  "shared memory",
] as const;

/** Sends a message and waits for its reply. */
type RoundTrip = (message: HopMessage, transfer: ArrayBuffer[]) => Promise<HopReply>;

/**
 * Each takes the same numbers there, which stay with their owner, as a caller's input does, and
 * gives their sum.
 */
export function createWays(
  source: Float32Array<ArrayBuffer>,
  roundTrip: RoundTrip,
): Readonly<Record<(typeof wayNames)[number], () => Promise<number>>> {
  let kept = new Float32Array(source.length);
  const shared = new Float32Array(new SharedArrayBuffer(source.byteLength));
  return {
    async "structured clone"() {
      return (await roundTrip({ x: source, comesBack: false }, [])).sum;
    },
    async "transfer of a copy"() {
      const x = source.slice();
      return (await roundTrip({ x, comesBack: false }, [x.buffer])).sum;
    },
    async "transfer, the memory comes back"() {
      kept.set(source);
      const { sum, x } = await roundTrip({ x: kept, comesBack: true }, [kept.buffer]);
      kept = x!;
      return sum;
    },
    async "shared memory"() {
      shared.set(source);
      return (await roundTrip({ x: shared, comesBack: false }, [])).sum;
    },
  };
}
