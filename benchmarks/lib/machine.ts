import { arch, availableParallelism, platform } from "node:os";

/** The machine in general words: figures are only worth something beside it. */
export function describeMachine(): string {
  return `${availableParallelism()} cores, ${arch()}, ${platform()}, Node ${process.versions.node}`;
}
