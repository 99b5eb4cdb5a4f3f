import { z } from "zod";

import { relativePathPattern } from "../artifact/relative-path.ts";
import { identifierPattern } from "../model/identifier.ts";
import type { ModelCard } from "../model/model-card.ts";
import { type DType, dtypes } from "../tensor/dtype.ts";
import type { Dimension } from "../tensor/tensor-info.ts";

/** The content of a model package's `model.json`, format version 1. */
export interface Manifest extends ModelCard {
  readonly formatVersion: 1;
  /** The model's name and version, as in `defineModel`. */
  readonly name: string;
  readonly version: string;
  /** The main file of each format: `{ "onnx": "onnx/model.onnx" }`. */
  readonly formats: Readonly<Record<string, string>>;
  /** Every file of the package. */
  readonly files: readonly PackageFile[];
  /** What the model takes and gives. */
  readonly signature?: DescribedSignature | undefined;
  /** The names of the classes, by output index. */
  readonly labels?: readonly string[] | undefined;
  /** Anything else that the model's own code needs to know, such as vocabularies and ranges. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** A file of a model package. */
export interface PackageFile {
  /** Relative to the package's folder, joined by `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A signature whose tensors say what they mean. */
export interface DescribedSignature {
  readonly inputs: readonly DescribedTensor[];
  readonly outputs: readonly DescribedTensor[];
}

/** A tensor of a signature, and what it means: units, order, what stands for a missing value. */
export interface DescribedTensor {
  readonly name: string;
  readonly dtype: DType;
  /** A number is fixed, a name symbolic, null unknown. */
  readonly shape: readonly Dimension[];
  readonly description?: string | undefined;
}

/**
 * The schema of a model package's `model.json`, format version 1.
 *
 * `formats` says which file to load for which backend; `files` lists every file of the package
 * with its size and SHA-256. Paths are relative to the folder and stay inside it.
 */
export const manifestSchema: z.ZodType<Manifest> = /* @__PURE__ */ createManifestSchema();

// In a function, so that bundlers can leave it out, and zod with it, where no package is opened.
function createManifestSchema(): z.ZodType<Manifest> {
  const identifier = z.string().regex(identifierPattern);
  const path = z.string().max(255).regex(relativePathPattern, "is no relative path inside the package");
  const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "has to be 64 lower-case hexadecimal digits");
  const text = z.string().min(1).max(10_000);
  const name = z.string().min(1).max(256);

  const tensorInfo = z.strictObject({
    name,
    dtype: z.enum(dtypes),
    shape: z.array(z.union([z.int().nonnegative(), name, z.null()])).max(32),
    description: text.optional(),
  });

  const metric = z.strictObject({
    name,
    value: z.number(),
    unit: name.optional(),
    measuredOn: text,
    of: name.optional(),
  });

  const training = z.strictObject({
    data: z
      .strictObject({
        name,
        source: text.optional(),
        license: text.optional(),
        rows: z.int().nonnegative().optional(),
        sha256: sha256.optional(),
      })
      .optional(),
    script: text.optional(),
    framework: text.optional(),
    seed: z.int().optional(),
    trainedOn: z.iso.date().optional(),
  });

  return z
    .strictObject({
      formatVersion: z.literal(1),
      name: identifier,
      version: identifier,
      description: text.optional(),
      license: name.optional(),
      intendedUse: text.optional(),
      limitations: text.optional(),
      formats: z
        .record(identifier, path)
        .refine((formats) => Object.keys(formats).length > 0, "names no format"),
      files: z
        .array(z.strictObject({ path, sizeBytes: z.int().nonnegative(), sha256 }))
        .min(1)
        .max(1_000),
      signature: z
        .strictObject({ inputs: z.array(tensorInfo).max(1_000), outputs: z.array(tensorInfo).max(1_000) })
        .optional(),
      labels: z.array(name).max(1_000_000).optional(),
      metrics: z.array(metric).max(1_000).optional(),
      training: training.optional(),
      extra: z.record(z.string().max(256), z.json()).optional(),
    })
    .superRefine(({ formats, files }, context) => {
      const known = new Set(files.map((file) => file.path));
      if (known.size < files.length) {
        context.addIssue({ code: "custom", path: ["files"], message: "lists a path twice" });
      }
      for (const [format, main] of Object.entries(formats)) {
        if (known.has(main)) continue;
        context.addIssue({
          code: "custom",
          path: ["formats", format],
          message: `names ${main}, which is not in files`,
        });
      }
    });
}
