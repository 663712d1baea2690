import type { CallPlan } from '../protocol/collector.ts';
import type { Readings } from './readings.ts';

/** Global symbol under which the preload hands its state to the call driver, which takes it away. */
export const RUN_SYMBOL = 'lineprof.run';

/** What the driver needs of the preload, which is a bundle of its own. */
export interface RunState {
  readonly call: CallPlan | null;
  readonly readings: Readings;
}
