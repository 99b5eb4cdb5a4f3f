import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly printedErrors: () => string;
  readonly exit: Promise<number | null>;
}

function start(environment: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, ["--conditions=@mlops/source", program], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let printedErrors = "";
  child.stdout.on("data", (text: Buffer) => (printed += text.toString()));
  child.stderr.on("data", (text: Buffer) => (printedErrors += text.toString()));
  const exit = once(child, "close").then(([code]) => code as number | null);
  return { child, printed: () => printed, printedErrors: () => printedErrors, exit };
}

describe("the program that `pnpm start` runs", { timeout: 60_000 }, () => {
  it.each(["SIGINT", "SIGTERM"] as const)("tells what to try, and ends cleanly on %s", async (signal) => {
    const { child, printed, printedErrors, exit } = start({ PORT: "0", HOST: "127.0.0.1" });
    await expect.poll(printed, { timeout: 30_000 }).toContain("Stop with Ctrl-C.");
    child.kill(signal);
    expect([await exit, printedErrors()]).toEqual([0, ""]);
    expect(printed()).toMatch(/device-price 1\.0\.0: /);
    expect(printed()).toMatch(/trained on 2793 rows of /);
    expect(printed()).toMatch(/r2 0\.\d+/);
    expect(printed()).toMatch(/A real prediction over HTTP: \d+(\.\d+)? EUR, in \d+\.\d ms/);
    expect(printed()).toMatch(/curl -s http:\/\/127\.0\.0\.1:\d+\/v1\/price /);
    expect(printed()).toMatch(/Stopped\.\n$/);
  });

  it("says which port is taken, and how to choose another", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const { printedErrors, exit } = start({ PORT: String(port), HOST: "127.0.0.1" });
    expect(await exit).toBe(1);
    other.close();
    expect(printedErrors()).toBe(
      `Port ${port} of 127.0.0.1 is taken. Choose another one: PORT=${port === 65_535 ? 3000 : port + 1} npx pnpm@12 start\n`,
    );
  });

  it.each([
    [{ PORT: "http" }, 'PORT is "http"; it has to be a number from 0 to 65535'],
    [{ PORT: "65536" }, 'PORT is "65536"; it has to be a number from 0 to 65535'],
    [{ PORT: "0", HOST: "192.0.2.1" }, 'This machine has no address "192.0.2.1".'],
  ])("refuses %o", async (environment, message) => {
    const { printedErrors, exit } = start(environment);
    expect(await exit).toBe(1);
    expect(printedErrors()).toContain(message);
  });
});
