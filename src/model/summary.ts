import type { FunctionMemory } from './memory.ts';
import type { FrameKind } from './profile.ts';

/** One function of a run as a whole, whether its lines were profiled or it was only seen in the call tree. */
export interface FunctionSummary {
  /** `profiled`: its lines are in the profile; else what kind of code it is. */
  readonly kind: 'profiled' | Exclude<FrameKind, 'root'>;
  readonly name: string;
  /** As in FunctionPlace; null for builtins and native code. */
  readonly file: string | null;
  /** 1-based; null without a file. */
  readonly line: number | null;
  /** 0-based; null without a file. */
  readonly column: number | null;
  /** Times it was entered; null when not counted. */
  readonly calls: number | null;
  readonly samples: number;
  readonly selfSamples: number;
  readonly totalMicros: number | null;
  readonly selfMicros: number | null;
  /** There in memory runs; null: it was not read. */
  readonly memory?: Omit<FunctionMemory, 'objects'> | null;
}
