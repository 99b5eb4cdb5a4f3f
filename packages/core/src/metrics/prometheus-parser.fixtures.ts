/** A sample line of Prometheus' text format. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with its samples. */
export interface ParsedFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

/**
 * Reads the text format 0.0.4 as strictly as it is written: what Prometheus' own parser and
 * `promtool check metrics` object to throws. There is no well-kept parser of it on npm; that this one
 * agrees with Prometheus' was checked with `expfmt` and `promlint` of its Go client.
 */
export function parsePrometheusText(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const families = new Map<string, { help: string; type: string; samples: ParsedSample[] }>();
  let current: { help: string; type: string; samples: ParsedSample[] } | undefined;
  let name = "";
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (comment?.[1] === "HELP") {
      name = comment[2]!;
      if (families.has(name)) throw new Error(`${name} comes twice.`);
      if (comment[3] === "") throw new Error(`${name} has no help.`);
      current = { help: comment[3]!, type: "", samples: [] };
      families.set(name, current);
    } else if (comment?.[1] === "TYPE") {
      if (comment[2] !== name || current === undefined || current.type !== "")
        throw new Error(`TYPE without its HELP: ${line}`);
      if (!/^(counter|gauge|histogram|summary)$/.test(comment[3]!)) throw new Error(`No type: ${line}`);
      current.type = comment[3]!;
    } else {
      const sample = parseSample(line);
      if (current === undefined || !belongs(sample.name, name, current.type))
        throw new Error(`A sample outside its family: ${line}`);
      // Our labels always come in the same order.
      const identity = JSON.stringify([sample.name, sample.labels]);
      if (seen.has(identity)) throw new Error(`The same sample twice: ${line}`);
      seen.add(identity);
      current.samples.push(sample);
    }
  }
  for (const [familyName, family] of families) checkFamily(familyName, family);
  return families;
}

function belongs(sample: string, family: string, type: string): boolean {
  if (type === "histogram") return [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(sample);
  if (type === "summary") return [family, `${family}_sum`, `${family}_count`].includes(sample);
  return sample === family;
}

/** `name{label="value",…} value`, where a value escapes `\`, `"` and a line feed, and nothing else. */
function parseSample(line: string): ParsedSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`No sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = line.slice(name.length);
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    while (!rest.startsWith("}")) {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|(?=\}))/.exec(rest);
      if (label === null) throw new Error(`No label at ${rest}`);
      const [whole, labelName, escaped] = label;
      if (Object.hasOwn(labels, labelName!)) throw new Error(`The label ${labelName} twice: ${line}`);
      labels[labelName!] = escaped!.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
      rest = rest.slice(whole.length);
    }
    rest = rest.slice(1);
  }
  const value = /^ ([+-]Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(rest)?.[1];
  if (value === undefined) throw new Error(`No value: ${line}`);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

/** What `promtool check metrics` asks of names and values. */
function checkFamily(name: string, { type, samples }: ParsedFamily): void {
  const problem = (text: string): never => {
    throw new Error(`${name}: ${text}`);
  };
  if (type === "") problem("no TYPE");
  if (samples.length === 0) problem("no samples");
  if ((type === "counter") !== name.endsWith("_total")) problem("counters, and only they, end with _total");
  if (/_(bucket|count|sum)$|[A-Z]|milliseconds|_ms(_|$)/.test(name)) problem("the name is not conventional");
  for (const { labels, value } of samples) {
    if (type === "counter" && !(value >= 0)) problem(`counts ${value}`);
    if (type !== "histogram" && "le" in labels) problem("le outside a histogram");
    if (type !== "summary" && "quantile" in labels) problem("quantile outside a summary");
  }
  if (type === "histogram") checkHistogram(name, samples, problem);
}

function checkHistogram(
  name: string,
  samples: readonly ParsedSample[],
  problem: (text: string) => never,
): void {
  const identityOf = (labels: ParsedSample["labels"]): string => JSON.stringify({ ...labels, le: undefined });
  for (const identity of new Set(samples.map(({ labels }) => identityOf(labels)))) {
    const group = samples.filter(({ labels }) => identityOf(labels) === identity);
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels["le"]?.replace("Inf", "Infinity") ?? NaN));
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    if (!group.some((sample) => sample.name === `${name}_sum`)) problem(`no sum of ${identity}`);
    if (bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count) problem(`no +Inf of ${identity}`);
    for (let index = 1; index < buckets.length; index += 1) {
      if (!(bounds[index]! > bounds[index - 1]!)) problem(`bounds of ${identity} do not ascend`);
      if (buckets[index]!.value < buckets[index - 1]!.value) problem(`${identity} is not cumulative`);
    }
  }
}
