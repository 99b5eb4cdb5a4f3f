import type { DetectorName } from "./detector.ts";
import type { AdwinParameters } from "./river/adwin-rule.ts";
import type { CusumParameters } from "./river/cusum-rule.ts";
import type { DdmParameters } from "./river/ddm-rule.ts";
import type { EddmParameters } from "./river/eddm-rule.ts";
import type { EwmaParameters } from "./river/ewma-rule.ts";
import type { HddmParameters } from "./river/hddm-a-rule.ts";
import type { HddmWParameters } from "./river/hddm-w-rule.ts";
import type { KswinParameters } from "./river/kswin-rule.ts";
import type { PageHinkleyParameters } from "./river/page-hinkley-rule.ts";

/** A detector whose false alarms have a known rate. */
export interface CalibratedOptions {
  /**
   * The mean number of values between false alarms on a stream that does not change, from 1,000 to 100,000;
   * 10,000 by default. Kept within 25 % for every distribution by the detectors of numbers; for the detectors
   * of errors see the README.
   */
  readonly expectedRunLength?: number;
  /** Of the random numbers that break ties, a whole number from 0; 0 by default. */
  readonly seed?: number;
  readonly parity?: undefined;
}

/** The parameters of River's rules, by detector. Each is optional, with River's default. */
export interface RiverParameters {
  readonly adwin: AdwinParameters;
  readonly "page-hinkley": PageHinkleyParameters;
  readonly cusum: CusumParameters;
  readonly ewma: EwmaParameters;
  readonly ddm: DdmParameters;
  readonly eddm: EddmParameters;
  readonly "hddm-a": HddmParameters;
  readonly "hddm-w": HddmWParameters;
  readonly kswin: KswinParameters;
}

/** River's rule to the last bit, for comparisons. Its false alarms are River's, too. */
export type RiverOptions<Name extends DetectorName> = Partial<RiverParameters[Name]> & {
  readonly parity: "river";
};

export type DetectorOptions<Name extends DetectorName = DetectorName> =
  | CalibratedOptions
  | RiverOptions<Name>;
