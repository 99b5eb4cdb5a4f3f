import type { ProfileData } from "../profile/profile-data.ts";
import type { Profile } from "../profile/profile.ts";

/** Whether it is a profile: columns of data are lists, and its `rows` and `weight` are numbers. */
export function isProfile(data: Profile | ProfileData): data is Profile {
  return (
    typeof data === "object" &&
    data !== null &&
    "columns" in data &&
    Array.isArray(data.columns) &&
    "rows" in data &&
    typeof data.rows === "number" &&
    "weight" in data &&
    typeof data.weight === "number"
  );
}
