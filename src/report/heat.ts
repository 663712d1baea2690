/** How hot a line is, from 0 (cold) to 5; every view colours by these steps. */
export type HeatStep = 0 | 1 | 2 | 3 | 4 | 5;

/** The shares of the function's time, in percent, at which steps 1 to 5 begin. */
export const HEAT_STARTS: readonly [number, number, number, number, number] = [1, 5, 15, 30, 50];

/** The step of a line by its percent of the function's time; cold when that is not known. */
export function heatStep(percent: number | null): HeatStep {
  return percent === null ? 0 : (HEAT_STARTS.filter((start) => percent >= start).length as HeatStep);
}
