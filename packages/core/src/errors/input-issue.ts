/** One thing that is wrong with an input, and where. */
export interface InputIssue {
  /** The way to the field, from the outside in: `["devices", 3, "ramGb"]`. Empty for the whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what is allowed. */
  readonly message: string;
}

const shownAtMost = 5;

/** The issues as one clause, the first few of them. */
export function describeIssues(issues: readonly InputIssue[]): string {
  const shown = issues.slice(0, shownAtMost).map(({ path, message }) => {
    const field = path.length === 0 ? "" : `${path.join(".")}: `;
    return field + message.replace(/\.$/, "");
  });
  const rest = issues.length - shown.length;
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
