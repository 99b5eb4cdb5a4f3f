// Loaded with `node --import` into a program of the documentation: whatever port it listens on, it gets a free one,
// and both numbers are written to the file that DOCS_PORT_FILE names.
import { renameSync, writeFileSync } from "node:fs";
import { Server } from "node:net";

const listen = Server.prototype.listen;
const given = new Set();

Server.prototype.listen = function (first, ...rest) {
  const requested = typeof first === "object" && first !== null ? first.port : first;
  // A server on two addresses asks a second time, for the port that it was given.
  if (typeof requested !== "number" || requested === 0 || given.has(requested))
    return listen.call(this, first, ...rest);
  this.prependOnceListener("listening", () => {
    const { port } = this.address();
    given.add(port);
    // Renamed into place, so that nobody reads half a file.
    const file = process.env.DOCS_PORT_FILE;
    writeFileSync(`${file}.new`, JSON.stringify({ requested, actual: port }));
    renameSync(`${file}.new`, file);
  });
  return listen.call(this, typeof first === "object" ? { ...first, port: 0 } : 0, ...rest);
};
