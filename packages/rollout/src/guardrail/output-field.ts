/**
 * A value within an output, by its place: `label`, `result.scores`. The empty place is the output
 * itself. What is not there is `undefined`; only own properties count.
 */
export function readField(output: unknown, field: string): unknown {
  if (field === "") return output;
  let value = output;
  for (const name of field.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
