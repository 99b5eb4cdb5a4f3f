import type { DetectorName } from "../detector.ts";
import { AdwinChart } from "./adwin-chart.ts";
import { CusumChart } from "./cusum-chart.ts";
import { DdmStatistic } from "./ddm-statistic.ts";
import { EddmStatistic } from "./eddm-statistic.ts";
import { EwmaChart } from "./ewma-chart.ts";
import { HddmAStatistic } from "./hddm-a-statistic.ts";
import { HddmWStatistic } from "./hddm-w-statistic.ts";
import { KswinChart } from "./kswin-chart.ts";
import { PageHinkleyChart } from "./page-hinkley-chart.ts";
import { RankedStatistic } from "./ranked-statistic.ts";
import type { Statistic } from "./statistic.ts";

/** The detectors that take errors; the others take any numbers. */
export type ErrorDetectorName = "ddm" | "eddm" | "hddm-a" | "hddm-w";

/** The statistic of a calibrated detector. */
export function createStatistic(name: DetectorName, seed: number): Statistic {
  switch (name) {
    case "adwin":
      return new RankedStatistic(new AdwinChart(), seed);
    case "page-hinkley":
      return new RankedStatistic(new PageHinkleyChart(), seed);
    case "cusum":
      return new RankedStatistic(new CusumChart(), seed);
    case "ewma":
      return new RankedStatistic(new EwmaChart(), seed);
    case "kswin":
      return new RankedStatistic(new KswinChart(), seed);
    case "ddm":
      return new DdmStatistic();
    case "eddm":
      return new EddmStatistic();
    case "hddm-a":
      return new HddmAStatistic();
    case "hddm-w":
      return new HddmWStatistic();
  }
}

export function takesErrors(name: DetectorName): name is ErrorDetectorName {
  return name === "ddm" || name === "eddm" || name === "hddm-a" || name === "hddm-w";
}
