import type { Assignment, AssignmentStore, Tally } from "./assignment-store.ts";

/** Options of {@link createMemoryAssignmentStore}. */
export interface MemoryAssignmentStoreOptions {
  /** The most keys of all scopes; beyond, keys go by their hash and are not counted. About 200 bytes each. Default 1,000,000. */
  readonly maxKeys?: number | undefined;
}

interface Held {
  readonly assignment: Assignment;
  value: number | undefined;
  isSummed: boolean;
}

interface Scope {
  readonly byKey: Map<string, Held>;
  generation: number;
  /** Those of the generation that are not summed yet, in the order in which they came. */
  waiting: Held[];
  sums: Map<string, MutableTally>;
}

type MutableTally = { -readonly [Field in keyof Tally]: Tally[Field] };

/** Assignments in the memory of this process: for one replica, and for tests. They end with the process. */
export function createMemoryAssignmentStore({
  maxKeys = 1_000_000,
}: MemoryAssignmentStoreOptions = {}): AssignmentStore {
  const scopes = new Map<string, Scope>();
  let count = 0;
  const scopeOf = (name: string): Scope => {
    let scope = scopes.get(name);
    if (scope === undefined) {
      scope = { byKey: new Map(), generation: -1, waiting: [], sums: new Map() };
      scopes.set(name, scope);
    }
    return scope;
  };

  return {
    async read(name, keys) {
      const { byKey } = scopeOf(name);
      return keys.map((key) => byKey.get(key)?.assignment);
    },

    async claim(name, key, proposal) {
      const scope = scopeOf(name);
      const held = scope.byKey.get(key);
      if (held !== undefined && held.assignment.generation >= proposal.generation) return held.assignment;
      if (held === undefined && count >= maxKeys) return undefined;
      if (held === undefined) count += 1;
      const next = { assignment: proposal, value: undefined, isSummed: false };
      scope.byKey.set(key, next);
      if (proposal.generation > scope.generation) {
        Object.assign(scope, { generation: proposal.generation, waiting: [], sums: new Map() });
      }
      if (proposal.generation === scope.generation) scope.waiting.push(next);
      return proposal;
    },

    async report(name, key, { generation, value, at, attributionMs }) {
      const held = scopeOf(name).byKey.get(key);
      if (held === undefined || held.assignment.generation !== generation) return "unknown-key";
      if (held.value !== undefined) return "repeated";
      if (held.isSummed || at - held.assignment.at > attributionMs) return "late";
      held.value = value;
      return "counted";
    },

    async tally(name, { generation, before }) {
      const scope = scopeOf(name);
      if (scope.generation !== generation) return [];
      const due = scope.waiting.findIndex(({ assignment }) => assignment.at >= before);
      const summed = scope.waiting.splice(0, due < 0 ? scope.waiting.length : due);
      for (const held of summed) add(scope.sums, held);
      return [...scope.sums.values()].map((sum) => ({ ...sum }));
    },
  };
}

function add(sums: Map<string, MutableTally>, held: Held): void {
  const { version, weights } = held.assignment;
  const cell = `${weights.join(",")} ${version}`;
  const sum = sums.get(cell) ?? { weights, version, keys: 0, sum: 0, sumOfSquares: 0 };
  const { value = 0 } = held;
  held.isSummed = true;
  sum.keys += 1;
  sum.sum += value;
  sum.sumOfSquares += value * value;
  sums.set(cell, sum);
}
