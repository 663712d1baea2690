/** Whether one thing works with one Node on this machine. */
export interface Finding {
  /** What it is for. */
  readonly topic: 'Sampling' | 'Hits' | 'Memory' | 'Results';
  readonly name: string;
  readonly works: boolean;
  /** What was found; where it does not work, why not. */
  readonly detail: string;
  /** What to do about it; null: nothing needs doing, or nothing helps. */
  readonly advice: string | null;
}

/** What works with a Node. */
export interface Diagnosis {
  /** Absolute path of the binary. */
  readonly execPath: string;
  readonly version: string;
  readonly v8: string;
  readonly findings: readonly Finding[];
}
