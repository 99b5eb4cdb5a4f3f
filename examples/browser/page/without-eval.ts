import { z } from "zod";

// zod tries whether it may make code of its schemas, as soon as there is one; the page's policy forbids it.
z.config({ jitless: true });
