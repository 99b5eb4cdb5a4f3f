import { CategoryColumnCounter } from "./category-column-counter.ts";
import type { ColumnCounter } from "./column-counter.ts";
import { EmbeddingColumnCounter } from "./embedding-column-counter.ts";
import { NumericColumnCounter } from "./numeric-column-counter.ts";
import type { ColumnProfile } from "./profile.ts";
import { TextColumnCounter } from "./text-column-counter.ts";

/** A counter, still empty, on the cells of a column that was profiled before. */
export function createCounter(column: ColumnProfile): ColumnCounter {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return new NumericColumnCounter(column.name, column.kind, column.numbers);
    case "categorical":
    case "boolean":
      return new CategoryColumnCounter(column.name, column);
    case "text":
      return new TextColumnCounter(column.name, column);
    case "embedding":
      return new EmbeddingColumnCounter(column.name, column);
  }
}
