/** A bound such as `>= 2` or `<= 0.5`. */
export type Goal = `${"<=" | ">="} ${number}`;

/** Whether a value meets a goal. */
export function meetsGoal(value: number, goal: Goal): boolean {
  const [operator, text] = goal.split(" ");
  const limit = Number(text);
  return operator === ">=" ? value >= limit : value <= limit;
}
