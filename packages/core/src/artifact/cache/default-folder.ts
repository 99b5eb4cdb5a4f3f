import type { NodeFolder } from "./node-folder.ts";

/** The folder for artifacts in that of the system for caches. */
export function defaultCacheFolder({ join, homedir, process }: NodeFolder): string {
  return join(systemCacheFolder({ join, homedir, process }), "mlops", "artifacts");
}

function systemCacheFolder({
  join,
  homedir,
  process,
}: Pick<NodeFolder, "join" | "homedir" | "process">): string {
  const { platform, env } = process;
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  if (platform === "win32") return env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
  return env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
}
