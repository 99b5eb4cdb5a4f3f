import { AdamOptimizer } from "@tensorflow/tfjs-core";

/** Adam with TensorFlow's defaults, whose step size can be set anew for each batch. */
export class AdjustableAdam extends AdamOptimizer {
  constructor() {
    super(0, 0.9, 0.999, 1e-8);
  }

  setLearningRate(learningRate: number): void {
    this.learningRate = learningRate;
  }
}
