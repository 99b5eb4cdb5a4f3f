/**
 * Something that is not as it was asked for, though it works. The library never prints; it hands
 * these out, and an application decides what to do with them.
 */
export type Warning =
  | {
      /** A setting had no effect. */
      readonly type: "unsupported-setting";
      readonly setting: string;
      readonly message: string;
    }
  | {
      /** A device that was to be tried first could not be used. */
      readonly type: "device-unavailable";
      /** The device, by the backend's name for it. */
      readonly device: string;
      readonly message: string;
    }
  | {
      /** A predictor was collected without having been closed. */
      readonly type: "predictor-not-closed";
      /** The name of its model. */
      readonly model: string;
      readonly message: string;
    }
  | {
      /** Anything else. */
      readonly type: "other";
      readonly message: string;
    };
