import { fileURLToPath } from "node:url";

import type { Python } from "../peers/python.ts";

/** A server under load, and how its clients come. */
export interface Subject {
  readonly name: string;
  /** Whether clients offer to keep their connections. Default true. */
  readonly keepAlive?: boolean;
  /** How its process is started. */
  readonly launch: (port: number) => Launch;
}

/** The name of our server, whose goals are judged. */
export const ownName = "@mlops/server";
/** The name of the server that all others are compared with. */
export const peerName = "Flask";

interface Launch {
  readonly command: string;
  readonly commandArguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const ownScript = fileURLToPath(new URL("./server.ts", import.meta.url));
const flaskScript = fileURLToPath(new URL("../peers/flask_server.py", import.meta.url));

/** Our own server. */
export function ownServer(modelFolder: string): Subject {
  return {
    name: ownName,
    launch: (port) => ({
      command: process.execPath,
      commandArguments: ["--conditions=@mlops/source", ownScript],
      environment: { MODEL_FOLDER: modelFolder, PORT: String(port), NODE_ENV: "production" },
    }),
  };
}

/** Our own server, for clients that connect anew for each request, as Flask's have to. */
export function ownServerWithoutKeepAlive(modelFolder: string): Subject {
  return { ...ownServer(modelFolder), name: `${ownName}, no keep-alive`, keepAlive: false };
}

/** Flask's development server, with one thread for onnxruntime, no spinning, and no log of requests. */
export function flask(python: Python, modelFolder: string): Subject {
  const environment = { MODEL_FOLDER: modelFolder, ORT_OPTIONS: "tuned", REQUEST_LOG: "off" };
  return { name: peerName, launch: (port) => launchFlask(python, port, environment) };
}

/** Flask's development server and onnxruntime as they come. */
export function flaskAsItComes(python: Python, modelFolder: string): Subject {
  const environment = { MODEL_FOLDER: modelFolder, ORT_OPTIONS: "default", REQUEST_LOG: "on" };
  return { name: `${peerName}, as it comes`, launch: (port) => launchFlask(python, port, environment) };
}

function launchFlask({ executable }: Python, port: number, environment: Launch["environment"]): Launch {
  const application = ["--app", flaskScript];
  const address = ["--host", "127.0.0.1", "--port", String(port)];
  return {
    command: executable,
    commandArguments: ["-m", "flask", ...application, "run", ...address],
    environment,
  };
}
