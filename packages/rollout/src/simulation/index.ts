export { simulate, type SimulateOptions, type Simulation, type Spread } from "./simulate.ts";
export type { TrafficModel } from "./traffic.ts";
