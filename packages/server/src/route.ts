import { ProtocolError } from "./http-error.ts";

/** One of the protocol's routes. */
export type Route =
  | { readonly name: "server-metadata" | "server-live" | "server-ready" }
  | {
      readonly name: "model-metadata" | "model-ready" | "model-infer";
      readonly model: string;
      /** As the path names it; `undefined` where it names none. */
      readonly version: string | undefined;
    };

/**
 * Finds the route of a request.
 *
 * @throws ProtocolError 404 when there is none, 405 when it is asked with another method.
 */
export function parseRoute({ method, path }: { readonly method: string; readonly path: string }): Route {
  const route = matchPath(path);
  if (route === undefined) {
    throw new ProtocolError({ status: 404, code: "NOT_FOUND", message: "There is nothing at this path." });
  }
  const allowed = route.name === "model-infer" ? ["POST"] : ["GET", "HEAD"];
  if (allowed.includes(method)) return route;
  throw new ProtocolError({
    status: 405,
    code: "METHOD_NOT_ALLOWED",
    message: `This path takes ${allowed.join(" and ")} only.`,
    headers: { allow: allowed.join(", ") },
  });
}

function matchPath(path: string): Route | undefined {
  const segments = path.replace(/\/$/, "").split("/").slice(1).map(decodeSegment);
  if (segments[0] !== "v2") return undefined;
  const rest = segments.slice(1);
  switch (rest[0]) {
    case undefined:
      return { name: "server-metadata" };
    case "health":
      if (rest.length !== 2) return undefined;
      if (rest[1] === "live") return { name: "server-live" };
      return rest[1] === "ready" ? { name: "server-ready" } : undefined;
    case "models":
      return matchModel(rest.slice(1));
    default:
      return undefined;
  }
}

function matchModel([model, ...rest]: (string | undefined)[]): Route | undefined {
  if (model === undefined || model === "") return undefined;
  const hasVersion = rest[0] === "versions" && rest[1] !== undefined && rest[1] !== "";
  const version = hasVersion ? rest[1] : undefined;
  const action = hasVersion ? rest.slice(2) : rest;
  if (action.length === 0) return { name: "model-metadata", model, version };
  if (action.length > 1) return undefined;
  if (action[0] === "ready") return { name: "model-ready", model, version };
  return action[0] === "infer" ? { name: "model-infer", model, version } : undefined;
}

/** `undefined` for what no name can be, which then matches nothing. */
function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
