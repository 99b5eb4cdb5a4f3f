import type { Backend } from "../backend/backend.ts";
import type { RunOptions, Session } from "../backend/session.ts";
import { systemEnvironment } from "../environment.ts";
import { BackendError } from "../errors/backend-error.ts";
import { setTensor } from "../tensor/set-tensor.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";
import { typedArrayByDType } from "../tensor/dtype.ts";
import { copyTensors } from "./copy-tensors.ts";
import { findChange } from "./find-change.ts";
import { wrapBackend } from "./wrap-backend.ts";

/**
 * The same backend as unpleasant as the interface allows, for both sides. Above it, sessions come
 * late, nothing is answered at once, results of overlapping runs come in another order than their
 * runs, and signatures and results are frozen. Below it, the inputs are frozen, lie in the middle
 * of larger memory and are overwritten once the run has settled.
 *
 * Nothing in it is by chance: the same calls are answered in the same order.
 *
 * @throws BackendError `BACKEND_FAILED`, from a run, when the backend changed its inputs.
 */
export function hostileProxy(backend: Backend): Backend {
  let turns = 0;
  /** 0 to 3 turns of the event loop, another number each time; 0 is a microtask. */
  const dawdle = async (): Promise<void> => {
    const count = (turns * 3) % 4;
    turns += 1;
    await Promise.resolve();
    for (let turn = 0; turn < count; turn += 1) await nextTurn();
  };
  return wrapBackend(backend, {
    async load(inner, artifact, options) {
      await nextTurn();
      const session = await inner.load(artifact, options);
      await nextTurn();
      return session;
    },
    describe: ({ inputs, outputs, precision }) => deepFreeze(structuredClone({ inputs, outputs, precision })),
    async doRun(session, inputs, options) {
      const kept = copyTensors(inputs);
      const { tensors, spoil } = embed(inputs);
      await dawdle();
      try {
        return await run(session, tensors, kept, options);
      } finally {
        spoil();
        await dawdle();
      }
    },
    async release(session) {
      await nextTurn();
      await session.release();
    },
  });

  async function run(
    session: Session,
    tensors: TensorMap,
    kept: TensorMap,
    options: RunOptions,
  ): Promise<TensorMap> {
    const outputs = await session.doRun(tensors, Object.freeze({ ...options }));
    const changed = findChange(tensors, kept);
    if (changed === undefined) return freezeTensors(outputs);
    throw new BackendError({
      backend: backend.name,
      problem: `it changed its input ${JSON.stringify(changed)}, which belongs to the caller`,
    });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => systemEnvironment.nextTurn(resolve));
}

interface Embedded {
  readonly tensors: TensorMap;
  /** Overwrites the elements. */
  readonly spoil: () => void;
}

/** The same tensors, frozen, 8 elements into memory of their own. */
function embed(inputs: TensorMap): Embedded {
  const tensors: Record<string, Tensor> = {};
  const spoilers: (() => void)[] = [];
  for (const name of Object.keys(inputs)) {
    const { dtype, shape, data } = inputs[name]!;
    if (dtype === "string") {
      // Frozen, and so what it holds cannot be spoilt.
      setTensor(tensors, name, Object.freeze({ dtype, shape, data: Object.freeze([...data]) }));
      continue;
    }
    const ArrayType = typedArrayByDType[dtype];
    const { buffer } = new ArrayType(data.length + 16);
    const embedded = new ArrayType(buffer, 8 * ArrayType.BYTES_PER_ELEMENT, data.length);
    // Both are arrays of the same dtype.
    embedded.set(data as never);
    spoilers.push(() => new Uint8Array(buffer).fill(0xa5));
    const frozen = Object.freeze({ dtype, shape: Object.freeze([...shape]), data: embedded }) as Tensor;
    setTensor(tensors, name, frozen);
  }
  return { tensors: Object.freeze(tensors), spoil: () => spoilers.forEach((spoil) => spoil()) };
}

function freezeTensors(tensors: TensorMap): TensorMap {
  for (const tensor of Object.values(tensors)) Object.freeze(tensor);
  return Object.freeze(tensors);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
