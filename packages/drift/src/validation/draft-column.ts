import { totalCount } from "../profile/cell-counts.ts";
import { finiteWeight } from "../profile/numeric-statistics.ts";
import type {
  CategoricalColumn,
  ColumnProfile,
  NumericColumn,
  NumericSummary,
  Profile,
  TextColumn,
} from "../profile/profile.ts";
import type { ColumnSchema } from "./data-schema.ts";
import type { TextFacts } from "./observe-texts.ts";

/** Above this share of values that are not finite, a single row is not held to being finite. */
const maxNotFinite = 0.01;
/** Above this share of values that came only once, the values are no closed set. */
const maxSingletons = 0.1;
/** So many values without a repetition are taken for a key. */
const minUniqueRows = 100;

/** A column of a schema before it has tolerances, and what they will need to know. */
export interface DraftColumn {
  readonly column: ColumnSchema;
  /** Rows that came with a value of their own: about as many are new among as many more. */
  readonly singletons: number;
  /** The rows of the most frequent value, at most; 0 where constancy is not to be judged. */
  readonly mostFrequent: number;
}

/** What a profiled column lets one expect. */
export function draftColumn(
  found: ColumnProfile,
  profile: Profile,
  margin: number,
  facts: TextFacts | undefined,
): DraftColumn {
  const isRequired = profile.weight > 0 && found.missing === 0;
  const common = { name: found.name, ...(isRequired ? { required: true } : {}) };
  switch (found.kind) {
    case "numeric":
    case "datetime":
      return draftNumbers(found, common, margin);
    case "categorical":
      return draftCategories(found, common, facts);
    case "boolean": {
      const column = { ...common, kind: found.kind };
      return { column, singletons: 0, mostFrequent: mostFrequentOf(found) };
    }
    case "text":
      return draftTexts(found, common, margin, facts);
    case "embedding": {
      const column = { ...common, kind: found.kind, dimensions: found.dimensions };
      return { column, singletons: 0, mostFrequent: 0 };
    }
  }
}

interface Common {
  readonly name: string;
  readonly required?: boolean;
}

function draftNumbers(
  { kind, isInteger, numbers }: NumericColumn,
  common: Common,
  margin: number,
): DraftColumn {
  const finite = finiteWeight(numbers);
  const notFinite = numbers.nan + numbers.negativeInfinity + numbers.positiveInfinity;
  const isMostlyFinite = finite > 0 && notFinite <= maxNotFinite * (finite + notFinite);
  const { minimum, maximum } = widened(numbers, margin);
  return {
    column: {
      ...common,
      kind,
      ...(isMostlyFinite ? { finite: true } : {}),
      ...(kind === "numeric" && isInteger && finite > 0 ? { integer: true } : {}),
      ...(minimum === undefined ? {} : { minimum }),
      // Time goes on: later than the reference is no fault.
      ...(maximum === undefined || kind === "datetime" ? {} : { maximum }),
    },
    singletons: 0,
    mostFrequent: numbers.minimum === numbers.maximum ? 0 : mostOf(numbers.counts),
  };
}

/**
 * The range of finite values, made wider on both sides by `margin` times its width. It does not reach
 * below 0 where no value did. Whole limits for whole numbers are not needed: they are checked apart.
 */
function widened(
  { minimum, maximum }: NumericSummary,
  margin: number,
): { readonly minimum?: number; readonly maximum?: number } {
  if (minimum === null || maximum === null) return {};
  const room = margin * (maximum - minimum);
  const lower = minimum >= 0 ? Math.max(minimum - room, 0) : minimum - room;
  const upper = maximum + room;
  return {
    ...(Number.isFinite(lower) ? { minimum: lower } : {}),
    ...(Number.isFinite(upper) ? { maximum: upper } : {}),
  };
}

function draftCategories(
  found: CategoricalColumn,
  common: Common,
  facts: TextFacts | undefined,
): DraftColumn {
  const { categories, counts, isComplete } = found;
  const own = counts.subarray(0, categories.length);
  const values = totalCount(counts);
  const singletons = own.filter((count) => count <= 1).length;
  // A text of 128 characters may be the short form of a longer one.
  const isKnown = isComplete && categories.every(({ length }) => length < 128);
  const hasDomain = isKnown && values > 0 && singletons <= maxSingletons * values;
  const isUnique = values >= minUniqueRows && (facts?.isUnique ?? (isComplete && singletons === values));
  return {
    column: {
      ...common,
      kind: "categorical",
      ...(hasDomain ? { values: [...categories].sort() } : spelling(facts)),
      ...(isUnique ? { unique: true } : {}),
    },
    singletons,
    mostFrequent: isComplete ? mostFrequentOf(found) : 0,
  };
}

function spelling(facts: TextFacts | undefined): Pick<ColumnSchema & { kind: "text" }, "textFormat"> {
  return facts?.format === undefined ? {} : { textFormat: facts.format };
}

function draftTexts(
  { descriptors: { length } }: TextColumn,
  common: Common,
  margin: number,
  facts: TextFacts | undefined,
): DraftColumn {
  const { minimum, maximum } = widened(length, margin);
  const isUnique = finiteWeight(length) >= minUniqueRows && facts?.isUnique === true;
  return {
    column: {
      ...common,
      kind: "text",
      ...(minimum === undefined ? {} : { minimumLength: Math.floor(minimum) }),
      ...(maximum === undefined ? {} : { maximumLength: Math.ceil(maximum) }),
      ...spelling(facts),
      ...(isUnique ? { unique: true } : {}),
    },
    singletons: 0,
    mostFrequent: 0,
  };
}

function mostFrequentOf({ counts }: CategoricalColumn): number {
  return counts.filter((count) => count > 0).length < 2 ? 0 : mostOf(counts);
}

function mostOf(counts: ArrayLike<number>): number {
  let most = 0;
  for (let cell = 0; cell < counts.length; cell += 1) most = Math.max(most, counts[cell]!);
  return most;
}
