import { createHash } from "node:crypto";

import { folderCache } from "./cache/folder-cache.ts";
import { openArtifact } from "./open-artifact.ts";

// A process of its own that reads an artifact through a folder cache: URL, folder, declared SHA-256.
const [url = "", folder, sha256] = process.argv.slice(2);
const read = await openArtifact(url, { sha256, cache: folderCache({ folder }) }).read();
process.stdout.write(createHash("sha256").update(read).digest("hex"));
