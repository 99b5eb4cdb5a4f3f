import { hostBackend } from "./host.ts";
import { createWebFake } from "./web-fake.fixtures.ts";

// The worker entry, for a web worker, of the backend there.
hostBackend(createWebFake);
