import { ClosedError, type Predictor, tensor } from "@mlops/core";
import { type FastifyInstance, fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inferenceRoutes } from "./fastify.ts";
import { createInferenceServer, type InferenceServer } from "./inference-server.ts";
import { identityPredictor, mlpPredictor } from "./testing/served-models.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

const row = { name: "x", shape: [1, 3], datatype: "FP32", data: [1, 2.5, -3] };
const maxBodyBytes = 10_000;

let predictors: Predictor[];
let errors: { error: unknown; path: string }[];
let server: InferenceServer;
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  predictors = [
    await identityPredictor("float32"),
    await mlpPredictor("2", 2),
    await mlpPredictor("1", 1),
    await identityPredictor("int64"),
  ];
  errors = [];
  server = createInferenceServer({
    predictors,
    name: "test-server",
    version: "9",
    maxBodyBytes,
    onError: (error, { path }) => errors.push({ error, path }),
  });
  app = fastify();
  await app.register(inferenceRoutes, { server });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
});

afterAll(async () => {
  await app.close();
  await Promise.all(predictors.map((predictor) => predictor.close()));
});

const init = (method: string, body: unknown): RequestInit =>
  body === undefined
    ? { method }
    : {
        method,
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "content-type": "application/json" },
      };

const toAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
};

const doors: Record<string, Ask> = {
  "Fetch handler": async (method, path, body) =>
    toAnswer(await server.handle(new Request(`http://localhost${path}`, init(method, body)))),
  "Fastify plugin": async (method, path, body) => toAnswer(await fetch(url + path, init(method, body))),
};

describe.each(Object.entries(doors))("the Open Inference Protocol through the %s", (_name, ask) => {
  const infer = (body: unknown, model = "identity-float32"): Promise<Answer> =>
    ask("POST", `/v2/models/${model}/infer`, body);

  it("tells that it lives and is ready", async () => {
    expect(await ask("GET", "/v2/health/live")).toMatchObject({ status: 200, body: { live: true } });
    expect(await ask("GET", "/v2/health/ready")).toMatchObject({ status: 200, body: { ready: true } });
    expect(await ask("GET", "/v2/models/mlp/ready")).toMatchObject({
      status: 200,
      body: { name: "mlp", ready: true },
    });
  });

  it("tells what the server is", async () => {
    for (const path of ["/v2", "/v2/"]) {
      expect(await ask("GET", path)).toMatchObject({
        status: 200,
        body: { name: "test-server", version: "9", extensions: [] },
      });
    }
  });

  it("tells what a model takes and gives", async () => {
    expect((await ask("GET", "/v2/models/mlp")).body).toEqual({
      name: "mlp",
      versions: ["2", "1"],
      platform: "onnx_onnxv1",
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 4] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
    });
    expect((await ask("GET", "/v2/models/mlp/versions/1")).body).toMatchObject({ versions: ["1"] });
  });

  it("infers, and echoes the id", async () => {
    expect(await infer({ id: "42", inputs: [row] })).toMatchObject({
      status: 200,
      body: {
        id: "42",
        model_name: "identity-float32",
        model_version: "1",
        outputs: [{ name: "y", shape: [1, 3], datatype: "FP32", data: [1, 2.5, -3] }],
      },
    });
    expect((await infer({ inputs: [row] })).body).not.toHaveProperty("id");
  });

  it("takes data nested as its shape says", async () => {
    const nested = {
      ...row,
      shape: [2, 3],
      data: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    };
    expect((await infer({ inputs: [nested] })).body).toMatchObject({
      outputs: [{ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }],
    });
  });

  it("answers with the version that the path names, the first one by default", async () => {
    const inputs = [{ ...row, shape: [1, 4], data: [1, 2, 3, 4] }];
    const [byDefault, second, first] = await Promise.all(
      ["mlp", "mlp/versions/2", "mlp/versions/1"].map((path) => infer({ inputs }, path)),
    );
    const expected = await predictors[2]!.predict({ x: tensor("float32", [1, 2, 3, 4], [1, 4]) });
    expect(byDefault!.body).toEqual(second!.body);
    expect(first!.body).toMatchObject({
      model_version: "1",
      outputs: [{ data: [...(expected["y"]!.data as Float32Array)] }],
    });
    expect(first!.body).not.toEqual(second!.body);
  });

  it("gives only the outputs asked for", async () => {
    expect(await infer({ inputs: [row], outputs: [{ name: "y" }] })).toMatchObject({ status: 200 });
    expect(await infer({ inputs: [row], outputs: [{ name: "z" }] })).toMatchObject({
      status: 400,
      body: { code: "TENSOR_NAME_MISMATCH", error: expect.stringContaining('"z"') },
    });
  });

  it.each([
    ["a body that is no JSON", "{", 400, "INVALID_INPUT", "no JSON"],
    ["an empty body", "", 400, "INVALID_INPUT", "empty"],
    ["no inputs", {}, 400, "INVALID_INPUT", "inputs"],
    ["a JSON null", "null", 400, "INVALID_INPUT", "expected object"],
    [
      "an unknown datatype",
      { inputs: [{ ...row, datatype: "FP31" }] },
      400,
      "INVALID_INPUT",
      "inputs.0.datatype",
    ],
    [
      "a wrong datatype",
      { inputs: [{ ...row, datatype: "INT8", data: [1, 2, 3] }] },
      400,
      "DTYPE_MISMATCH",
      "float32",
    ],
    ["a wrong shape", { inputs: [{ ...row, shape: [3, 1] }] }, 400, "SHAPE_MISMATCH", "[batch, 3]"],
    ["a negative size", { inputs: [{ ...row, shape: [-1, 3] }] }, 400, "INVALID_INPUT", "inputs.0.shape.0"],
    ["a huge shape", { inputs: [{ ...row, shape: [1e15, 3] }] }, 400, "INVALID_INPUT", "inputs.0.data"],
    ["too few elements", { inputs: [{ ...row, data: [1] }] }, 400, "INVALID_INPUT", "has 1 elements"],
    [
      "a ragged nesting",
      { inputs: [{ ...row, shape: [2, 3], data: [[1, 2, 3], [4]] }] },
      400,
      "INVALID_INPUT",
      "inputs.0.data.1",
    ],
    [
      "a string among numbers",
      { inputs: [{ ...row, data: [1, "2", 3] }] },
      400,
      "INVALID_INPUT",
      "inputs.0.data.1",
    ],
    [
      "a null among numbers",
      { inputs: [{ ...row, data: [1, null, 3] }] },
      400,
      "INVALID_INPUT",
      "inputs.0.data.1",
    ],
    ["a wrong name", { inputs: [{ ...row, name: "z" }] }, 400, "TENSOR_NAME_MISMATCH", '"x" missing'],
    [
      "the name __proto__",
      { inputs: [{ ...row, name: "__proto__" }] },
      400,
      "TENSOR_NAME_MISMATCH",
      "__proto__",
    ],
    ["a name given twice", { inputs: [row, row] }, 400, "INVALID_INPUT", "twice"],
    ["an empty batch", { inputs: [{ ...row, shape: [0, 3], data: [] }] }, 400, "EMPTY_BATCH", "no rows"],
    [
      "a timeout that is none",
      { inputs: [row], parameters: { timeout: -1 } },
      400,
      "INVALID_INPUT",
      "parameters.timeout",
    ],
  ])("refuses %s", async (_case, body, status, code, text) => {
    expect(await infer(body)).toMatchObject({ status, body: { code, error: expect.stringContaining(text) } });
  });

  it("answers 404 for what there is not", async () => {
    const missing = [
      ["GET", "/v2/models/nope", '"nope"'],
      ["GET", "/v2/models/mlp/versions/3", '"3"'],
      ["POST", "/v2/models/nope/infer", '"nope"'],
      ["GET", "/v2/models/__proto__", "__proto__"],
      ["GET", "/v2/health/dead", "nothing at this path"],
      ["GET", "/v2/models/mlp/versions", "nothing at this path"],
      ["GET", "/v2/models/..%2f..%2fetc", "../../etc"],
    ] as const;
    for (const [method, path, text] of missing) {
      const answer = await ask(method, path, method === "POST" ? { inputs: [row] } : undefined);
      expect(answer, path).toMatchObject({ status: 404, body: { error: expect.stringContaining(text) } });
    }
  });

  it("answers 405 and names the methods that a path takes", async () => {
    const answer = await ask("GET", "/v2/models/mlp/infer");
    expect(answer).toMatchObject({ status: 405 });
    expect(answer.headers.get("allow")).toBe("POST");
    expect((await ask("DELETE", "/v2")).status).toBe(405);
  });

  it("answers 413 for a body over the limit", async () => {
    const body = { inputs: [{ ...row, data: Array.from({ length: 10_000 }, () => 1) }] };
    expect(await infer(body)).toMatchObject({ status: 413, body: { code: "PAYLOAD_TOO_LARGE" } });
  });

  it("keeps every digit of 64-bit integers", async () => {
    const data = ["9223372036854775807", "-9223372036854775808", 7];
    const inputs = [{ name: "x", shape: [1, 3], datatype: "INT64", data }];
    const path = "/v2/models/identity-int64/infer";
    const { body } = await server.respond({
      method: "POST",
      path,
      body: new TextEncoder().encode(JSON.stringify({ inputs })),
    });
    expect(body).toContain("[9223372036854775807,-9223372036854775808,7]");
    for (const wrong of ["9223372036854775808", 2 ** 53, 1.5]) {
      const answer = await infer({ inputs: [{ ...inputs[0], data: [wrong, 1, 2] }] }, "identity-int64");
      expect(answer, String(wrong)).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining("inputs.0.data.0") },
      });
    }
  });

  it("carries numbers that JSON has none for by name", async () => {
    const inputs = [{ ...row, data: ["NaN", "Infinity", "-Infinity"] }];
    expect((await infer({ inputs })).body).toMatchObject({
      outputs: [{ data: ["NaN", "Infinity", "-Infinity"] }],
    });
  });
});

describe("createInferenceServer", () => {
  it("finds nothing at a path that is no valid percent-encoding", async () => {
    expect((await server.handle(new Request("http://localhost/v2/models/%ff"))).status).toBe(404);
  });

  it("tells onError of every error that it answers with", async () => {
    errors.length = 0;
    await server.handle(new Request("http://localhost/v2/models/nope"));
    expect(errors).toEqual([{ error: expect.any(Error), path: "/v2/models/nope" }]);
  });

  it("is not ready, and says so, once a predictor is closed", async () => {
    const predictor = await identityPredictor("int8");
    const own = createInferenceServer({ predictors: [predictor] });
    await predictor.close();
    expect((await own.respond({ method: "GET", path: "/v2/health/ready" })).status).toBe(503);
    const body = new TextEncoder().encode(
      JSON.stringify({ inputs: [{ ...row, datatype: "INT8", data: [1, 2, 3] }] }),
    );
    const answer = await own.respond({ method: "POST", path: "/v2/models/identity-int8/infer", body });
    expect(answer).toMatchObject({ status: 503, body: expect.stringContaining("CLOSED") });
  });

  it("tells nothing from inside", () => {
    const secret = new Error("open /etc/secret");
    expect(server.toErrorResponse(secret)).toMatchObject({
      status: 500,
      body: expect.not.stringContaining("secret"),
    });
    const closed = new ClosedError({ model: "a" });
    expect(server.toErrorResponse(closed)).toMatchObject({ status: 503 });
  });

  it("answers 504 once the timeout parameter, in microseconds, has passed", async () => {
    const [predictor] = predictors;
    const stuck = createInferenceServer({
      predictors: [
        {
          ...predictor!,
          info: predictor!.info,
          health: () => predictor!.health(),
          predictTensors: (tensors, options) =>
            predictor!.predictTensors!(tensors, { ...options, deadline: options!.deadline! - 60_000 }),
        },
      ],
    });
    const body = new TextEncoder().encode(
      JSON.stringify({ inputs: [row], parameters: { timeout: 1_000_000 } }),
    );
    const answer = await stuck.respond({ method: "POST", path: "/v2/models/identity-float32/infer", body });
    expect(answer).toMatchObject({ status: 504, body: expect.stringContaining("DEADLINE_EXCEEDED") });
  });

  it("refuses what it cannot serve", async () => {
    const [predictor] = predictors;
    expect(() => createInferenceServer({ predictors: [predictor!, predictor!] })).toThrow(/twice/);
    expect(() =>
      createInferenceServer({ predictors: [{ info: predictor!.info, health: () => predictor!.health() }] }),
    ).toThrow(/predictTensors/);
    expect(() => createInferenceServer({ predictors: [], maxBodyBytes: 0 })).toThrow(/maxBodyBytes/);
  });
});
