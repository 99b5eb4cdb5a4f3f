import { describe, expect, test } from "vitest";

import type { GuardrailKind, Arm, GuardrailEvent } from "../guardrail.ts";
import type { VerdictStatus } from "../verdict.ts";
import { agreement, agreementKind } from "./agreement.ts";
import { availability, errorRate, errorRateKind } from "./error-rate.ts";
import { externalGuardrail } from "./external.ts";
import { answered, context, failed, judgeEvents, repeat } from "./kinds.fixtures.ts";
import { latency, latencyKind } from "./latency.ts";
import { outputDistribution, outputDistributionKind } from "./output-distribution.ts";
import { quality, qualityKind } from "./quality.ts";
import { sampleRatio, sampleRatioKind } from "./sample-ratio.ts";

type Events = readonly [GuardrailEvent, Arm][];

const slow = answered({ totalMs: 501 });
const quick = answered({ totalMs: 500 });

describe("latency", () => {
  const { options } = latency({ percentile: 95, limitMs: 500 });

  test.each<[string, Events, VerdictStatus]>([
    ["nothing", [], "no-data"],
    ["what is exactly at the limit, often enough", repeat(500, quick), "pass"],
    ["too few requests to tell", repeat(20, quick), "inconclusive"],
    ["a fifth above it", [...repeat(80, quick), ...repeat(20, slow)], "fail"],
    ["just the share that is allowed", [...repeat(950, quick), ...repeat(50, slow)], "inconclusive"],
    ["times that are no numbers", repeat(500, answered({ totalMs: NaN })), "fail"],
    ["slow failures", repeat(100, failed("BACKEND_FAILED", 900)), "fail"],
    ["what callers gave up", repeat(100, failed("ABORTED", 900)), "no-data"],
    ["the control alone", repeat(100, slow, "control"), "no-data"],
  ])("%s: %s", (_, events, status) => {
    expect(judgeEvents(latencyKind, options!, events).status).toBe(status);
  });

  test("against the control it asks for what is more than there", () => {
    const both = latency({ percentile: 95, limitMs: 500, tolerance: 0.02 }).options!;
    const control = [...repeat(600, quick, "control"), ...repeat(400, slow, "control")];
    expect(judgeEvents(latencyKind, both, [...control, ...repeat(4_000, quick)])).toMatchObject({
      status: "pass",
    });
    const worse = [...control, ...repeat(200, quick), ...repeat(800, slow)];
    expect(judgeEvents(latencyKind, both, worse)).toMatchObject({
      status: "fail",
      evidence: { controlSamples: 1_000 },
    });
    expect(judgeEvents(latencyKind, both, repeat(1_000, slow))).toMatchObject({ status: "no-data" });
  });

  test("says what it found, with its numbers", () => {
    const { reason } = judgeEvents(latencyKind, options!, [...repeat(80, quick), ...repeat(20, slow)]);
    expect(reason).toMatch(
      /^20 % of the requests took longer than 500 ms \(20 of 100; at least .* %, at most .* %\), and 5 % are allowed$/,
    );
  });
});

describe("error rate and availability", () => {
  test.each<[string, Events, VerdictStatus]>([
    ["no failures, often enough", repeat(1_000, answered()), "pass"],
    ["many failures", [...repeat(90, answered()), ...repeat(10, failed("BACKEND_FAILED"))], "fail"],
    ["wrong inputs only", repeat(1_000, failed("INVALID_INPUT")), "no-data"],
    ["an unknown code", [...repeat(90, answered()), ...repeat(10, failed("TEAPOT"))], "fail"],
  ])("%s: %s", (_, events, status) => {
    expect(judgeEvents(errorRateKind, errorRate({ limit: 0.01 }).options!, events).status).toBe(status);
    expect(judgeEvents(errorRateKind, availability({ minimum: 0.99 }).options!, events).status).toBe(status);
  });
});

describe("output distribution", () => {
  const byLabel = outputDistribution({ cells: { by: "class", field: "label" } }).options!;
  const labels = (shares: Readonly<Record<string, number>>, arm: Arm): Events =>
    Object.entries(shares).flatMap(([label, count]) => repeat(count, answered({ output: { label } }), arm));

  test.each<[string, Events, VerdictStatus]>([
    [
      "the same spread",
      [...labels({ joy: 500, anger: 500 }, "candidate"), ...labels({ joy: 500, anger: 500 }, "control")],
      "pass",
    ],
    [
      "another spread",
      [...labels({ joy: 900, anger: 100 }, "candidate"), ...labels({ joy: 200, anger: 800 }, "control")],
      "fail",
    ],
    [
      "a class that there never was",
      [...labels({ fear: 500 }, "candidate"), ...labels({ joy: 500 }, "control")],
      "fail",
    ],
    [
      "too few",
      [...labels({ joy: 9, anger: 9 }, "candidate"), ...labels({ joy: 900 }, "control")],
      "no-data",
    ],
    ["no control", labels({ joy: 900 }, "candidate"), "no-data"],
  ])("%s: %s", (_, events, status) => {
    expect(judgeEvents(outputDistributionKind, byLabel, events).status).toBe(status);
  });

  test("rare classes are pooled, however many there are", () => {
    const rare = (arm: Arm): Events =>
      Array.from({ length: 1_000 }, (__, index) => [
        answered({ output: { label: `rare-${index % 300}` } }),
        arm,
      ]);
    const verdict = judgeEvents(outputDistributionKind, byLabel, [
      ...labels({ joy: 1_000 }, "candidate"),
      ...rare("candidate"),
      ...labels({ joy: 1_000 }, "control"),
      ...rare("control"),
    ]);
    expect(verdict).toMatchObject({ status: "pass" });
  });

  test("a known distribution can take the control's place; KL of the candidate from it", () => {
    const { options } = outputDistribution({
      cells: { by: "class" },
      distance: "kullback-leibler",
      reference: { joy: 0.5, anger: 0.5 },
    });
    const events = [
      ...repeat(9_000, answered({ output: "joy" })),
      ...repeat(1_000, answered({ output: "anger" })),
    ];
    const verdict = judgeEvents(outputDistributionKind, options!, events);
    // 0.9 ln 1.8 + 0.1 ln 0.2
    expect(verdict.evidence.estimate).toBeCloseTo(0.36806, 3);
    expect(verdict).toMatchObject({ status: "fail", evidence: { limit: 0.2, samples: 10_000 } });
  });

  test.each([
    ["scores", { by: "score", edges: [0.5] }, [0.2, 0.7]],
    ["largest probabilities", { by: "largest" }, [[0.9, 0.1], Float32Array.of(0.1, 0.9)]],
    [
      "distances of embeddings",
      { by: "distance", center: [0, 0], edges: [1] },
      [
        [0.1, 0],
        [3, 4],
      ],
    ],
  ] as const)("reads %s", (_, cells, [a, b]) => {
    const { options } = outputDistribution({ cells });
    const events = [
      ...repeat(300, answered({ output: a })),
      ...repeat(300, answered({ output: a }), "control"),
      ...repeat(300, answered({ output: b }), "control"),
    ];
    expect(judgeEvents(outputDistributionKind, options!, events)).toMatchObject({ status: "fail" });
  });

  test("a class named like what every object has is a class", () => {
    const events = [...labels({ constructor: 500 }, "candidate"), ...labels({ constructor: 500 }, "control")];
    const own: Events = [...repeat(500, answered({ output: { label: "__proto__" } })), ...events];
    expect(judgeEvents(outputDistributionKind, byLabel, own)).toMatchObject({ status: "fail" });
  });
});

describe("agreement", () => {
  const { options } = agreement({ limit: 0.01, tolerance: 0.001, field: "price" });
  const pair = (own: unknown, live: unknown): GuardrailEvent =>
    answered({ output: { price: own }, live: { price: live } });

  test.each<[string, Events, VerdictStatus]>([
    ["within the tolerance", repeat(1_000, pair(1, 1.0005)), "pass"],
    ["beyond it", repeat(1_000, pair(1, 1.01)), "fail"],
    ["lists, one by one", repeat(1_000, pair([1, 2], [1, 2])), "pass"],
    ["lists of other lengths", repeat(1_000, pair([1, 2], [1])), "fail"],
    ["records", repeat(1_000, pair({ a: 1 }, { b: 1 })), "fail"],
    ["not a number, both", repeat(1_000, pair(Number.NaN, Number.NaN)), "pass"],
    ["live requests", repeat(1_000, answered({ output: { price: 1 } })), "no-data"],
  ])("%s: %s", (_, events, status) => {
    expect(judgeEvents(agreementKind, options!, events).status).toBe(status);
  });
});

describe("quality", () => {
  test("counts what the application reports, and nothing else", () => {
    const options = qualityKind.parseOptions(quality({ minimum: 0.9 }).options!);
    const counter = qualityKind.createCounter(options);
    for (let request = 0; request < 100; request += 1) counter.observe(answered(), "candidate");
    expect(qualityKind.judge(counter.counts(), options, context)).toMatchObject({ status: "no-data" });
    for (let label = 0; label < 200; label += 1) counter.observeQuality!(label % 2 === 0, "candidate");
    expect(qualityKind.judge(counter.counts(), options, context)).toMatchObject({ status: "fail" });
  });
});

describe("sample ratio", () => {
  const judge = (candidate: number, control: number, change = {}): VerdictStatus =>
    judgeEvents(
      sampleRatioKind,
      sampleRatio().options!,
      [...repeat(candidate, answered()), ...repeat(control, answered(), "control")],
      { ...context, weight: 0.1, ...change },
    ).status;

  test("passes where requests are split as the weights say, and fails where they are not", () => {
    expect(judge(1_000, 9_000)).toBe("pass");
    expect(judge(800, 9_200)).toBe("fail");
    expect(judge(1_000, 1_000, { control: "matched" })).toBe("pass");
    expect(judge(1_000, 9_000, { control: "matched" })).toBe("fail");
    expect(judge(100, 0, { weight: 1 })).toBe("pass");
  });
});

describe("an external guardrail", () => {
  const say = (status: VerdictStatus, samples = 1) => ({ status, reason: status, evidence: { samples } });

  test("says the worst of what the replicas say", () => {
    const kind = externalGuardrail("drift", { judge: () => say("pass") });
    const worst = (a: VerdictStatus, b: VerdictStatus): VerdictStatus =>
      kind.merge(say(a), say(b), {}).status;
    expect(worst("pass", "pass")).toBe("pass");
    expect(worst("pass", "no-data")).toBe("no-data");
    expect(worst("inconclusive", "no-data")).toBe("no-data");
    expect(worst("error", "no-data")).toBe("error");
    expect(worst("fail", "error")).toBe("fail");
    expect(kind.merge(say("pass", 3), say("fail", 4), {}).evidence.samples).toBe(7);
  });

  test("that throws is an error, and no pass", () => {
    const kind = externalGuardrail("drift", {
      judge: () => {
        throw new Error("no connection");
      },
    });
    expect(judgeEvents(kind, {}, [])).toMatchObject({ status: "error", reason: "it failed: no connection" });
  });
});

test.each<[GuardrailKind, Record<string, unknown>, string]>([
  [latencyKind, {}, "limitMs"],
  [latencyKind, { limitMs: 0 }, "limitMs"],
  [latencyKind, { limitMs: 5, percentile: 100 }, "percentile"],
  [errorRateKind, {}, "options"],
  [errorRateKind, { limit: 1 }, "options"],
  [errorRateKind, { limit: 0.1, tolerance: 0.1 }, "options"],
  [agreementKind, { limit: 2 }, "limit"],
  [qualityKind, { minimum: 0 }, "options"],
  [outputDistributionKind, {}, "cells"],
  [outputDistributionKind, { cells: { by: "score", edges: [2, 1] } }, "edges"],
  [outputDistributionKind, { cells: { by: "class" }, reference: { a: 0 } }, "reference"],
  [sampleRatioKind, { limit: 1 }, "options"],
])("$kind refuses %j and names the option", (kind, options, name) => {
  expect(() => kind.parseOptions(options)).toThrow(
    expect.objectContaining({ code: "INVALID_POLICY", field: expect.stringContaining(name) }),
  );
});
