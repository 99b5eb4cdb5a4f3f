import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../../../scripts/test/requirement.ts";
import { initialState } from "../engine/state.ts";
import { describeStore } from "../testing/describe-store.ts";
import { PostgresServer } from "./postgres-server.fixtures.ts";
import { createPostgresStore, createPostgresTables } from "./postgres-store.ts";
import { expectToSurviveRestarts } from "./restarted-server.fixtures.ts";

describeWith(requirement("postgres"), "a store in PostgreSQL", ({ path }) => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let serializable: pg.Pool;

  beforeAll(async () => {
    server = new PostgresServer(path);
    await server.start();
    const connect = (options?: string): pg.Pool => {
      const opened = new pg.Pool({
        host: server.folder,
        user: "postgres",
        database: "postgres",
        max: 4,
        ...(options !== undefined && { options }),
      });
      // A connection that the server drops while nobody uses it.
      opened.on("error", () => {});
      return opened;
    };
    pool = connect();
    serializable = connect("-c default_transaction_isolation=serializable");
    await createPostgresTables(pool);
  });

  afterAll(async () => {
    await Promise.all([pool.end(), serializable.end()]);
    await server.remove();
  });

  describeStore("by a pool", () => createPostgresStore(pool), { describe, test });
  describeStore("where transactions are serializable", () => createPostgresStore(serializable), {
    describe,
    test,
  });

  test("its tables can be made again, and by many at once, in a schema of one's own", async () => {
    await pool.query("CREATE SCHEMA apart");
    const place = { schema: "apart", prefix: "price" };
    await Promise.all(Array.from({ length: 8 }, () => createPostgresTables(pool, place)));
    const store = createPostgresStore(pool, place);
    await store.compareAndSet("one", { expectedRevision: 0, state: { ...initialState("1"), revision: 1 } });
    await createPostgresTables(pool, place);
    expect((await store.read("one")).state?.revision, "what was stored is still there").toBe(1);
    expect((await createPostgresStore(pool).read("one")).state).toBeUndefined();
  });

  test("says that there are no tables, and how to make them", async () => {
    await expect(createPostgresStore(pool, { prefix: "absent" }).read("one")).rejects.toMatchObject({
      code: "STORE_FAILED",
      message: expect.stringContaining("createPostgresTables"),
    });
  });

  test.each(["Ärger", 'a"; DROP TABLE x; --', "", "1a", "a".repeat(41)])(
    "takes no name that is more than a name: %j",
    (prefix) => {
      expect(() => createPostgresStore(pool, { prefix })).toThrow(
        expect.objectContaining({ code: "INVALID_OPTIONS", option: "prefix" }),
      );
    },
  );

  test("neither a revision nor an epoch goes back, even by a writer who knows the revision", async () => {
    const store = createPostgresStore(pool);
    const state = { ...initialState("1"), revision: 7, epoch: 3 };
    expect(await store.compareAndSet("fenced", { expectedRevision: 0, state })).toBe(true);
    for (const change of [{ revision: 7 }, { revision: 5 }, { revision: 8, epoch: 2 }]) {
      const written = await store.compareAndSet("fenced", {
        expectedRevision: 7,
        state: { ...state, ...change },
      });
      expect(written, JSON.stringify(change)).toBe(false);
    }
    expect((await store.read("fenced")).state).toEqual(state);
  });

  test("evidence of stages that are over goes, and none takes the place of newer", async () => {
    const store = createPostgresStore(pool, { evidenceTtlMs: 0 });
    const leave = (replica: string, stageRevision: number) =>
      store.putEvidence("aged", { replica, stageRevision, guardrails: {} });
    await leave("a", 1);
    await leave("b", 2);
    await leave("b", 1);
    expect(await store.readEvidence("aged", 1)).toEqual([]);
    expect(await store.readEvidence("aged", 2)).toHaveLength(1);
  });

  test("keeps one history when PostgreSQL crashes and is started again while replicas write", async () => {
    await expectToSurviveRestarts(
      [createPostgresStore(pool), createPostgresStore(serializable)],
      async () => {
        await server.crash();
        await server.start();
      },
    );
  });
});
