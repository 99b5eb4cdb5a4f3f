import { orderOfRound } from "./rounds.ts";

/** Something that is measured: it does the same work every time. */
export interface TimedSubject {
  readonly name: string;
  /** How many things one call of `run` does: events, verdicts, requests. */
  readonly count: number;
  /** From microseconds to the unit that is wanted: 1,000 for nanoseconds. */
  readonly scale: number;
  run(): unknown;
}

/**
 * Processor time per counted thing, by subject and round, after one round to warm up. It does not
 * depend on who else uses the machine, as elapsed time does.
 */
export async function measureProcessorTime(
  subjects: readonly TimedSubject[],
  rounds: number,
): Promise<Map<string, number[]>> {
  for (const subject of subjects) await subject.run();
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of orderOfRound(subjects, round)) {
      const start = process.cpuUsage();
      await subject.run();
      const { user, system } = process.cpuUsage(start);
      times.get(subject.name)!.push(((user + system) * subject.scale) / subject.count);
    }
  }
  return times;
}
