/** Whether this is Node, or what passes for it: there is no page to hold up, and there are native modules. */
export function isNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}
