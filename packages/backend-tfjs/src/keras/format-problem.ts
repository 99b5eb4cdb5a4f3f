/**
 * Says that a model file is damaged, or is not what it claims to be. It stays inside this folder:
 * whoever reads a whole file makes a `ModelLoadError` of it, which names the file.
 */
export class FormatProblem extends Error {
  override readonly name: string = "FormatProblem";
}
