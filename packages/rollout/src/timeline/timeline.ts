import type { AuditEntry } from "../audit/audit-entry.ts";
import { stageOf } from "../engine/gates.ts";
import type { RolloutState, Run } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import type { Verdict, VerdictStatus } from "../guardrail/verdict.ts";
import { formatDuration, formatShare } from "../rollout/format.ts";
import type { RolloutChange } from "../rollout/change.ts";

/** What a timeline is drawn from: audit entries, changes that a rollout told, or bare states; in their order. */
export type TimelineSource = AuditEntry | RolloutChange | RolloutState;

/** Options of {@link timeline}. */
export interface TimelineOptions {
  /** The most characters of a line; longer reasons are cut. Default 100. */
  readonly columns?: number | undefined;
  /** Draws with ASCII alone. Default false. */
  readonly ascii?: boolean | undefined;
}

interface Moment {
  readonly before: RolloutState | undefined;
  readonly state: RolloutState;
  /** What the guardrails said that led to it; absent where that is not known. */
  readonly said?: Readonly<Record<string, Verdict>> | undefined;
}

/** How wide a bar of weight is, in characters. */
const barWidth = 10;

const marks: Readonly<Record<VerdictStatus | "unasked", readonly [unicode: string, ascii: string]>> = {
  pass: ["✓", "+"],
  fail: ["✗", "x"],
  inconclusive: ["?", "?"],
  "no-data": ["·", "."],
  error: ["!", "!"],
  unasked: [" ", " "],
};

/**
 * Draws a rollout as text: a line for each change, with the time since it began, the weight as a bar,
 * one mark for each guardrail, and why. Lines in which the same is said again are left out, with how
 * many there were.
 *
 * From an audit log it shows what changed; from the changes of `rollout.subscribe`, also how the
 * verdicts came about in between.
 *
 * @example
 * ```ts
 * console.log(await timeline(rollout.audit()));
 * ```
 */
export async function timeline(
  source: AsyncIterable<TimelineSource> | Iterable<TimelineSource>,
  { columns = 100, ascii = false }: TimelineOptions = {},
): Promise<string> {
  const lines: string[] = [];
  let startedAt = 0;
  let names: readonly string[] = [];
  let previous: RolloutState | undefined;
  let said = "";
  let repeated = 0;
  const tellRepeated = (): void => {
    if (repeated > 0) lines.push(`${" ".repeat(timeWidth)}  ${ascii ? "..." : "⋮"} ${repeated} more like it`);
    repeated = 0;
  };
  for await (const item of source) {
    const moment = toMoment(item);
    const { before = previous, state } = moment;
    previous = state;
    const run = state.run ?? before?.run;
    if (run === undefined || run === null) continue;
    if (state.epoch !== before?.epoch || lines.length === 0) {
      tellRepeated();
      startedAt = run.startedAt;
      names = run.policy.guardrails.map(({ name }) => name);
      if (lines.length > 0) lines.push("");
      lines.push(...headOf(run, state.run === null ? before?.stable : state.stable, ascii));
    }
    const [bar, place, verdicts] = drawState({ ...moment, before }, names, ascii);
    const reason = reasonOf(state);
    const key = `${place}\n${verdicts}\n${state.run?.phase}\n${reason.replace(/[\d.,]+/g, "#")}`;
    if (key === said) {
      repeated += 1;
      continue;
    }
    tellRepeated();
    said = key;
    const time = `+${formatDuration(Math.max(0, state.clock - startedAt))}`.padStart(timeWidth);
    const start = `${time}  ${bar} ${place}  ${verdicts === "" ? "" : `${verdicts}  `}`;
    lines.push(cut(`${start}${reason}`, columns, ascii));
  }
  tellRepeated();
  return lines.join("\n");
}

/** As wide as `+23 h 59 min`. */
const timeWidth = 12;

function toMoment(item: TimelineSource): Moment {
  if ("hash" in item) {
    const { before, event, at } = item;
    const said = event.type === "tick" ? event.verdicts : undefined;
    return { before, state: step(before, event, at).state, said };
  }
  return { before: undefined, state: "status" in item ? item.state : item };
}

/** The versions, and which mark is whose. */
function headOf({ candidate, policy }: Run, stable: string | null | undefined, ascii: boolean): string[] {
  const title = `${stable ?? "nothing"} ${ascii ? "->" : "→"} ${candidate}, ${policy.strategy}`;
  if (policy.guardrails.length === 0) return [title];
  const legend = (["pass", "fail", "inconclusive", "no-data", "error"] as const)
    .map((status) => `${marks[status][Number(ascii)]} ${status}`)
    .join("  ");
  return [`${title}; guardrails: ${policy.guardrails.map(({ name }) => name).join(", ")}`, legend];
}

function drawState(
  { state, before, said }: Moment,
  names: readonly string[],
  ascii: boolean,
): readonly [bar: string, place: string, verdicts: string] {
  const { run, last } = state;
  const weight = run === null ? Number(last?.result === "completed") : stageOf(run).weight;
  const filled = weight > 0 ? Math.max(1, Math.round(weight * barWidth)) : 0;
  const [full, empty] = ascii ? ["#", "-"] : ["█", "░"];
  const stages = (run ?? before?.run)?.policy.stages.length ?? 0;
  const number = run === null ? "end" : `${run.stage + 1}/${stages}`;
  const place = `${formatShare(weight).padStart(7)} ${number.padStart(5)}`;
  const verdicts = names
    .map(
      (name) => marks[(said?.[name] ?? run?.guardrails[name]?.verdict)?.status ?? "unasked"][Number(ascii)],
    )
    .join("");
  return [full.repeat(filled) + empty.repeat(barWidth - filled), place, verdicts];
}

function reasonOf({ run, last }: RolloutState): string {
  if (run === null) return `${last!.result} by ${last!.actor}: ${last!.reason}`; // It has ended, or there would be no line.
  return run.phase === "paused" ? `paused: ${run.reason}` : run.reason;
}

/** A line of at most so many characters. What other people wrote has no line breaks and control characters in it. */
function cut(line: string, columns: number, ascii: boolean): string {
  // oxlint-disable-next-line no-control-regex -- A reason may not move a terminal's cursor.
  const characters = Array.from(line.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " "));
  const [end, length] = ascii ? ["...", 3] : ["…", 1];
  return characters.length <= columns
    ? characters.join("")
    : characters.slice(0, columns - length).join("") + end;
}
