import { writeFile } from "node:fs/promises";

import type { Row } from "./row.ts";

/** Writes rows as a JSON array, as `--json FILE` does in every benchmark. */
export async function writeRows(file: string, rows: readonly Row[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(rows, undefined, 2)}\n`);
}
