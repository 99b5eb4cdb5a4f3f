import type { Rule } from "./rule.ts";

const tenMinutes = 600;

/**
 * Azure Machine Learning's online endpoints, as in their guide: 10 % of the traffic, then all of it,
 * by hand. Nothing judges and nothing goes back by itself; here somebody looks at it after ten minutes and sees nothing.
 *
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints
 */
export const azure: Rule = {
  name: "Azure ML, by hand",
  start() {
    let now = 0;
    return {
      get weight() {
        return now < tenMinutes ? 0.1 : 1;
      },
      get outcome() {
        return now < tenMinutes ? ("running" as const) : ("completed" as const);
      },
      observe() {},
      endSecond(second) {
        now = second;
      },
    };
  },
};
