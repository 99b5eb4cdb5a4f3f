import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";

/**
 * Holds a name to what can be part of a file's name and of a key: letters, digits, `.`, `_` and `-`,
 * at most 128, and not only dots.
 *
 * @throws InvalidPolicyError `INVALID_POLICY`
 */
export function checkName(field: "rollout" | "replica", name: string): void {
  if (/^(?!\.+$)[A-Za-z0-9._-]{1,128}$/.test(name)) return;
  const problem = `is ${JSON.stringify(name.slice(0, 200))}; it may have letters, digits, ".", "_" and "-", at most 128`;
  throw new InvalidPolicyError({ field, problem });
}
