// `pnpm bench:drift-rows`: what it costs to check a row of a request, beside zod.
import { measureProcessorTime, type TimedSubject } from "./lib/processor-time.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { createRowChecker, defineSchema, toStandardSchema, toZod, validate } from "@mlops/drift/validation";
import { createRandom } from "@mlops/stats";
import { z } from "zod";

import type { Goal } from "./lib/goal.ts";
import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { formatRows } from "./lib/row-table.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";

const options = readQuickOptions("bench:drift-rows");
if (options !== undefined) await main(options);

/** Eight numbers with limits, three of three categories, a boolean; and the same by hand in zod. */
function createSubjects(passes: number): TimedSubject[] {
  // Nanoseconds for a row, of passes of a thousand.
  const counted = { count: passes * 1_000, scale: 1_000 };
  const numbers = Array.from({ length: 8 }, (_, index) => `number ${index}`);
  const categories = Array.from({ length: 3 }, (_, index) => `category ${index}`);
  const values = ["basic", "pro", "team"] as const;
  const required = true;
  const schema = defineSchema({
    columns: [
      ...numbers.map((name) => ({
        name,
        kind: "numeric" as const,
        required,
        finite: true,
        minimum: 0,
        maximum: 100,
      })),
      ...categories.map((name) => ({ name, kind: "categorical" as const, required, values })),
      { name: "flag", kind: "boolean", required },
    ],
  });
  const byHand = z.strictObject({
    ...Object.fromEntries(numbers.map((name) => [name, z.number().min(0).max(100)])),
    ...Object.fromEntries(categories.map((name) => [name, z.enum(values)])),
    flag: z.boolean(),
  });
  const random = createRandom(1);
  const rows = Array.from({ length: 1_000 }, () =>
    Object.fromEntries([
      ...numbers.map((name) => [name, 100 * random()]),
      ...categories.map((name) => [name, values[random.integer(3)]]),
      ["flag", random() < 0.5],
    ]),
  );
  const check = createRowChecker(schema);
  const standard = toStandardSchema(schema);
  const generated = toZod(schema);
  const subject = (name: string, isGood: (row: unknown) => boolean): TimedSubject => ({
    name,
    ...counted,
    run: () => {
      let good = 0;
      for (let pass = 0; pass < passes; pass += 1) for (const row of rows) if (isGood(row)) good += 1;
      if (good !== passes * rows.length) throw new Error(`${name} refused a good row.`);
    },
  });
  return [
    subject("row checker", (row) => check(row).length === 0),
    subject("Standard Schema", (row) => standard["~standard"].validate(row).issues === undefined),
    subject("zod, by hand", (row) => byHand.safeParse(row).success),
    subject("toZod", (row) => generated.safeParse(row).success),
    {
      name: "validate, a batch",
      ...counted,
      run: () => {
        for (let pass = 0; pass < passes; pass += 1) {
          if (!validate(schema, rows).isValid) throw new Error("validate refused a good batch.");
        }
      },
    },
  ];
}

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const rounds = isQuick ? 1 : 9;
  const passes = isQuick ? 2 : 100;
  const subjects = createSubjects(passes);
  const times = await measureProcessorTime(subjects, rounds);
  const rowOf = (name: string, against?: string, goal?: Goal): Row => {
    const own = times.get(name)!;
    const others = against === undefined ? undefined : times.get(against)!;
    return createRow({
      name: against === undefined ? name : `${name}, against ${against}`,
      value: median(own),
      unit: "ns/row of 12 columns",
      against,
      ratio: others === undefined ? undefined : median(own.map((time, round) => time / others[round]!)),
      goal,
    });
  };
  const rows = [
    rowOf("row checker", "zod, by hand", "<= 1"),
    rowOf("Standard Schema", "zod, by hand", "<= 1"),
    rowOf("toZod", "zod, by hand"),
    rowOf("zod, by hand"),
    rowOf("validate, a batch"),
  ];
  process.stdout.write(
    `Median of ${rounds} rounds, in processor time. ${describeMachine()}.\n\n${formatRows(rows)}\n`,
  );
  if (json !== undefined) await writeRows(json, rows);
}
