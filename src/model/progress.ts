/** How far a profile has come; told by the engine while it works. */
export interface Progress {
  /** `timing`: the program runs and is sampled; `counting`: it runs again for hits; `reading`: logs are read. */
  readonly phase: 'starting' | 'timing' | 'counting' | 'reading';
  /** Since the profile began. */
  readonly elapsedMillis: number;
  /** Samples seen so far; null where they are not known yet. */
  readonly samples: number | null;
}
