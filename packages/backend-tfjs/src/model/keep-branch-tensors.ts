import type { TfjsGraphModel } from "../runtime.ts";

/**
 * Leaves the tensors of a run with control flow to the run's scope.
 *
 * TensorFlow.js 4.22 frees them while the run goes on, by counting who needs them yet. Where a
 * branch or the body of a loop hands a tensor on, it miscounts and frees one that is needed:
 * "Cannot read properties of undefined (reading 'backend')" (tensorflow/tfjs#7504). A scope frees
 * all of them at the end of the run and cannot miscount; until then a long loop takes more memory.
 *
 * What is replaced are methods of this one model's executors. Where they are not as they are known
 * to be, nothing is.
 */
export function keepBranchTensors(model: TfjsGraphModel): void {
  const { executor } = model as { executor?: Partial<GraphExecutor> };
  for (const each of [executor, ...Object.values(executor?.functionExecutorMap ?? {})]) {
    const { executeWithControlFlow, checkTensorForDisposal } = each ?? {};
    if (each === undefined || executeWithControlFlow === undefined || checkTensorForDisposal === undefined) {
      return;
    }
    each.checkTensorForDisposal = () => {};
    // What is looked up by name is found in the prototype; what is freed are the own values.
    each.executeWithControlFlow = async (...parameters) =>
      Object.create(await executeWithControlFlow.apply(each, parameters)) as object;
  }
}

/** The executor of a graph, by what is replaced of it. */
interface GraphExecutor {
  functionExecutorMap: Readonly<Record<string, Partial<GraphExecutor>>>;
  checkTensorForDisposal: (...parameters: unknown[]) => void;
  executeWithControlFlow: (...parameters: unknown[]) => Promise<object>;
}
