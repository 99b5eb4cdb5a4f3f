import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { MlopsError } from "../errors/mlops-error.ts";
import type { PredictOptions, Predictor } from "../predictor/predictor.ts";
import { memberCountOf, type CombineContext } from "./combiner.ts";
import { commonInterface, composeInfo } from "./composed-info.ts";
import type { NamedCompositionOptions } from "./composition-options.ts";
import { DefinedPredictor } from "./defined-predictor.ts";
import { linkedController } from "./linked-controller.ts";
import { runAuthorCode, toTypedError } from "./typed-errors.ts";
import { withEarlierErrors } from "./with-earlier-errors.ts";

/** What a function that combines the outputs of an ensemble is told besides them. */
export interface EnsembleContext<Input> extends CombineContext {
  /** The input that the members had. */
  readonly input: Input;
}

/** Options of {@link ensemble}. */
export interface EnsembleOptions<Input, MemberOutput, Output> extends NamedCompositionOptions {
  /**
   * Makes one output of the members': `mean()`, `majorityVote()`, `weightedVote({ weights })`, or
   * a function of your own, which may be asynchronous. The outputs are in the order of the
   * members; those of members that failed are left out, and `answeredBy` tells which are there.
   */
  readonly combine: (
    outputs: readonly MemberOutput[],
    context: EnsembleContext<Input>,
  ) => Output | Promise<Output>;
  /** How many members have to answer. With fewer, the request fails. Default all of them. */
  readonly minMembers?: number | undefined;
}

/**
 * Asks all members at once and combines their outputs into one.
 *
 * A request fails as soon as too many members have failed, with the error of the last of these
 * (those before it are in its `cause`), and the other members are told to stop. Otherwise it waits
 * for every member; give one that may be slow a limit by `withTimeout`.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when there are no members, or `minMembers` or the
 *   number of weights does not fit their number.
 */
export function ensemble<Input, MemberOutput, Output>(
  members: readonly Predictor<Input, MemberOutput>[],
  options: EnsembleOptions<Input, MemberOutput, Output>,
): Predictor<Input, Output> {
  const asked = [...members];
  const { combine, minMembers = asked.length } = options;
  checkOptions(asked.length, minMembers, combine);
  const infos = asked.map(({ info }) => info);
  const info = composeInfo(infos, options, commonInterface(infos));
  return new DefinedPredictor<Input, Output>(info, {
    ...options,
    members: asked,
    requiredMembers: minMembers,
    async predict(input, limits) {
      const answers = await askAll(asked, input, limits, minMembers);
      const outputs = answers.map(({ output }) => output);
      const context = { input, answeredBy: answers.map(({ index }) => index) };
      return runAuthorCode(info.model, "combine", () => combine(outputs, context));
    },
  });
}

interface MemberAnswer<Output> {
  readonly index: number;
  readonly output: Output;
}

/** Asks every member; gives the answers by index, of at least `minMembers`. */
async function askAll<Input, Output>(
  members: readonly Predictor<Input, Output>[],
  input: Input,
  options: PredictOptions,
  minMembers: number,
): Promise<MemberAnswer<Output>[]> {
  const { controller, unlink } = linkedController(options.signal);
  const passed = { ...options, signal: controller.signal };
  const errors: MlopsError[] = [];
  const ask = async (member: Predictor<Input, Output>, index: number): Promise<MemberAnswer<Output>[]> => {
    try {
      return [{ index, output: await member.predict(input, passed) }];
    } catch (cause) {
      const error = toTypedError(cause, member.info.backend, options.signal);
      if (members.length - errors.length <= minMembers) throw withEarlierErrors(error, errors);
      errors.push(error);
      return [];
    }
  };
  try {
    const answers = await Promise.all(members.map(ask));
    return answers.flat();
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    unlink();
  }
}

function checkOptions(memberCount: number, minMembers: number, combine: unknown): void {
  if (memberCount === 0) {
    throw new InvalidOptionsError({ option: "members", problem: "has to hold at least one predictor" });
  }
  if (!Number.isInteger(minMembers) || minMembers < 1 || minMembers > memberCount) {
    throw new InvalidOptionsError({
      option: "minMembers",
      problem: `is ${String(minMembers)}; it has to be a whole number from 1 to the number of members, ${memberCount}`,
    });
  }
  if (typeof combine !== "function") {
    throw new InvalidOptionsError({ option: "combine", problem: "has to be a function, such as mean()" });
  }
  const weightCount = memberCountOf(combine);
  if (weightCount === undefined || weightCount === memberCount) return;
  throw new InvalidOptionsError({
    option: "weights",
    problem: `has ${weightCount} numbers for ${memberCount} members; each member needs one`,
  });
}
