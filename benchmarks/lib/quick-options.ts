import { parseArgs } from "node:util";

/** What a benchmark without loads of its own is told. */
export interface QuickOptions {
  /** A run of seconds, whose figures mean nothing. */
  readonly quick: boolean;
  /** Where the rows are written as JSON; `undefined` for nowhere. */
  readonly json: string | undefined;
}

/** Reads the command line of `pnpm <script>`; `undefined` where help was asked for, and has been given. */
export function readQuickOptions(script: string): QuickOptions | undefined {
  const { values } = parseArgs({
    // pnpm hands its own separator on.
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (!values.help) return { quick: values.quick, json: values.json };
  process.stdout.write(`pnpm ${script} [--quick] [--json FILE]

  --quick         a run of seconds, to see whether everything works; its figures mean nothing
  --json FILE     write the rows as JSON, too
`);
  return undefined;
}
