import { hostProcess } from "./builtin-module.ts";

/**
 * Node's options for a worker's module; `undefined` for those of this process, which is what Node
 * does by itself.
 *
 * A program that came as a string (`node --input-type=module -e …`) has options that Node refuses
 * for a module that is a file.
 */
export function moduleOptions(
  options: readonly string[] = hostProcess()?.execArgv ?? [],
): string[] | undefined {
  if (!options.some((option) => option.startsWith("--input-type"))) return undefined;
  const kept: string[] = [];
  for (let index = 0; index < options.length; index += 1) {
    const option = options[index]!;
    // With the value that follows.
    if (/^(--input-type|--eval|--print|-e|-p|-pe)$/.test(option)) index += 1;
    else if (!/^--(input-type|eval|print)=/.test(option)) kept.push(option);
  }
  return kept;
}
