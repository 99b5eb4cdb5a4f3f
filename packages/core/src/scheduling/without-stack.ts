/**
 * Makes an error without recording where. Recording it takes ten times as long as all else that a
 * refusal costs, at the very time when there are most of them; and it is the load that a refusal
 * comes from, not a place in the code.
 */
export function withoutStack<Value extends Error>(make: () => Value): Value {
  const host: { stackTraceLimit?: number } = Error;
  const limit = host.stackTraceLimit;
  // Only V8 has it, and where the built-in objects are frozen it stays as it is.
  if (limit === undefined || Object.isFrozen(Error)) return make();
  host.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    host.stackTraceLimit = limit;
  }
}
