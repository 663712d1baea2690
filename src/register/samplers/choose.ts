import type { Session } from 'node:inspector';
import { inWorker } from '../../collect/thread.ts';
import type { RegisterOptions } from '../options.ts';
import { tell } from '../tell.ts';
import { addOnSampler, findAddOn } from './addon.ts';
import { inspectorSampler } from './inspector.ts';
import type { Sampler } from './sampler.ts';

/** What the choice depends on besides the options. */
export interface SamplerHost {
  readonly session: Session;
  /** The bundle that this runs in. */
  readonly file: string;
  /** Register was loaded after code of the program. */
  readonly late: boolean;
}

/** The add-on where it is installed for this Node, else the inspector, which is always there. */
export function chooseSampler(
  { sampler, intervalMicros, hits }: RegisterOptions,
  { session, file, late }: SamplerHost,
): Sampler {
  // In worker threads the add-on crashes the process (seen with 1.10 on Node 20, six of them).
  if (sampler !== 'inspector' && !inWorker) {
    const found = findAddOn(process.cwd(), file);
    if (found.addOn !== null) return addOnSampler(found.addOn, intervalMicros);
    if (found.problem !== null || sampler !== null)
      tell(`${whyNoAddOn(found.problem)} node:inspector samples instead.`);
  }
  const coverage = hits || process.env['NODE_V8_COVERAGE'] !== undefined;
  return inspectorSampler(session, { intervalMicros, coverage, late });
}

/** Why the add-on cannot be used and what to do, in words; `problem` is null where it is not installed. */
export function whyNoAddOn(problem: string | null): string {
  if (problem === null) return 'v8-profiler-next is not installed (npm install v8-profiler-next).';
  const versions = /NODE_MODULE_VERSION (\d+)\D+(\d+)/.exec(problem);
  if (versions !== null) {
    return `v8-profiler-next was built for another Node (module version ${versions[1]}, this Node ${process.version} needs ${versions[2]}): run npm rebuild v8-profiler-next.`;
  }
  const built = /Cannot find module .*node-v(\d+)-/.exec(problem);
  if (built !== null) {
    return `v8-profiler-next is installed but not built for this Node (${process.version}, module version ${built[1]}): run npm rebuild v8-profiler-next, which works on Node 20, 22 and 24.`;
  }
  return `v8-profiler-next is installed but cannot be loaded by Node ${process.version} (${problem.split('\n')[0]}): run npm rebuild v8-profiler-next.`;
}
