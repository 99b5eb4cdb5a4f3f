import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "@typescript/typescript6";
import { listFiles, listFolders } from "./lib/files.ts";
import { repositoryRoot } from "./lib/repository.ts";

/** What the files of one folder may import, besides their own folder. */
export interface ImportRule {
  /** Package names; `node:*` stands for all of Node's modules, `*` for everything. */
  readonly imports: readonly string[];
  /** Packages that may be used for their types and by dynamic `import()` only: nothing loads them at import. */
  readonly lazyImports: readonly string[];
}

/**
 * What may import what. A package that is not listed is forbidden, and so is a
 * relative path out of the folder. Test files are exempt.
 */
export const importRules: Readonly<Record<string, ImportRule>> = {
  "packages/core/src": { imports: ["zod", "@standard-schema/spec"], lazyImports: [] },
  "packages/stats/src": { imports: [], lazyImports: [] },
  "packages/drift/src": { imports: ["@mlops/stats", "zod"], lazyImports: [] },
  "packages/rollout/src": { imports: ["@mlops/core", "@mlops/stats", "zod", "node:*"], lazyImports: [] },
  "packages/backend-onnx/src": {
    imports: ["@mlops/core"],
    lazyImports: ["onnxruntime-node", "onnxruntime-web"],
  },
  "packages/backend-tfjs/src": {
    // The ONNX writer is no package of its own: the build takes it in.
    imports: ["@mlops/core", "@mlops/onnx-builder", "fflate"],
    lazyImports: [
      "@tensorflow/tfjs-core",
      "@tensorflow/tfjs-converter",
      "@tensorflow/tfjs-layers",
      "@tensorflow/tfjs-backend-cpu",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgl",
      "@tensorflow/tfjs-backend-webgpu",
      "@tensorflow/tfjs-node",
      "@tensorflow/tfjs-node-gpu",
    ],
  },
  "packages/server/src": { imports: ["@mlops/core", "zod"], lazyImports: ["fastify"] },
  "examples/browser": { imports: ["*"], lazyImports: [] },
  "examples/device-price": { imports: ["*"], lazyImports: [] },
  "tools/onnx-conformance": {
    imports: ["@mlops/core", "@mlops/backend-onnx", "onnxruntime-node", "protobufjs", "node:*"],
    lazyImports: ["onnxruntime-web"],
  },
  "tools/onnx-builder": { imports: ["protobufjs", "onnxruntime-node"], lazyImports: [] },
};

/** Tests, and the folders named `testing` with what they share; that of core is published, and no exception. */
const testFile = /\.(test|test-d|bench|fixtures)\.ts$|(?<!packages\/core\/src)\/testing\//;

/** Every import under `root` that the rules forbid, as one line each: the place, the import, why. */
export function findForbiddenImports(root: string, rules: Readonly<Record<string, ImportRule>>): string[] {
  const unruled = ["packages", "examples", "tools"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => listFolders(root, folder))
    .filter((folder) => !(folder in rules) && !(`${folder}/src` in rules))
    .map((folder) => `${folder} has no import rule; add one to scripts/import-rules.ts.`);
  const forbidden = Object.entries(rules)
    .filter(([folder]) => existsSync(join(root, folder)))
    .flatMap(([folder, rule]) =>
      listFiles(root, folder, /\.ts$/)
        .filter((file) => !testFile.test(file))
        .flatMap((file) => forbiddenIn(root, folder, file, rule)),
    );
  return [...unruled, ...forbidden];
}

function forbiddenIn(root: string, folder: string, file: string, rule: ImportRule): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  return importsOf(source).flatMap(({ specifier, lazy, position }) => {
    const reason = whyForbidden(specifier, lazy, { root, folder, file, rule });
    const line = source.getLineAndCharacterOfPosition(position).line + 1;
    return reason === undefined ? [] : [`${file}:${line} imports "${specifier}": ${reason}.`];
  });
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly file: string;
  readonly rule: ImportRule;
}

function whyForbidden(specifier: string, lazy: boolean, place: Place): string | undefined {
  const { root, folder, file, rule } = place;
  if (specifier.startsWith(".") || specifier.startsWith("/")) {
    const target = relative(join(root, folder), resolve(root, file, "..", specifier));
    return target.startsWith("..") ? `a relative import may not leave ${folder}` : undefined;
  }
  const name = packageName(specifier);
  if (rule.imports.includes("*") || rule.imports.includes(name)) return undefined;
  if (!rule.lazyImports.includes(name))
    return `${folder} may import ${listed([...rule.imports, ...rule.lazyImports])}`;
  return lazy ? undefined : `only its types and a dynamic import() are allowed`;
}

/** `@scope/name/sub` is `@scope/name`, and every module of Node is `node:*`. */
function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return "node:*";
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : `only ${names.join(", ")}`;
}

interface FoundImport {
  readonly specifier: string;
  /** A type, or a dynamic `import()`. */
  readonly lazy: boolean;
  readonly position: number;
}

function importsOf(source: ts.SourceFile): FoundImport[] {
  const found: FoundImport[] = [];
  const visit = (node: ts.Node): void => {
    const [specifier, lazy] = readImport(node);
    if (specifier) found.push({ specifier: specifier.text, lazy, position: specifier.getStart() });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function readImport(node: ts.Node): [specifier: ts.StringLiteralLike | undefined, lazy: boolean] {
  const literal = (part: ts.Node | undefined) => (part && ts.isStringLiteralLike(part) ? part : undefined);
  if (ts.isImportDeclaration(node)) {
    return [literal(node.moduleSpecifier), node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword];
  }
  if (ts.isExportDeclaration(node)) return [literal(node.moduleSpecifier), node.isTypeOnly];
  if (ts.isImportTypeNode(node)) {
    return [ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined, true];
  }
  if (ts.isExternalModuleReference(node)) return [literal(node.expression), false];
  if (!ts.isCallExpression(node)) return [undefined, false];
  const callee = node.expression;
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return [literal(node.arguments[0]), true];
  return [
    ts.isIdentifier(callee) && callee.text === "require" ? literal(node.arguments[0]) : undefined,
    false,
  ];
}

if (process.argv[1] === import.meta.filename) {
  const forbidden = findForbiddenImports(repositoryRoot, importRules);
  for (const line of forbidden) console.error(line);
  process.exitCode = forbidden.length > 0 ? 1 : 0;
}
