/** ES module hooks for Nodes without `module.registerHooks` (before 22.15): they run on a thread of Node's own. */
import type { CollectorPlan } from '../protocol/collector.ts';
import { type Editor, makeRemoteCounters, type RemoteCountersData } from './counters.ts';
import { type Loaded, planLoad } from './hooks.ts';
import { meantSpecifier } from './meant.ts';
import { pathOfUrl } from './modules.ts';
import { announceCounts } from './worker-counts.ts';

interface HookContext {
  readonly parentURL?: string;
}

let plan: CollectorPlan;
let started = false;
/** Files whose text an outer one of our hooks is waiting for: ours are there twice among other loaders' hooks. */
const waiting = new Set<string>();
let counters: Editor | null = null;

/** Called by Node with the data of every `module.register` of ours; the first counts. */
export function initialize(data: {
  readonly plan: CollectorPlan;
  readonly remote: RemoteCountersData | null;
}): void {
  if (started) return;
  started = true;
  plan = data.plan;
  const { remote } = data;
  if (remote === null) return;
  const announce = remote.thread === 0 ? () => {} : announceCounts(plan, remote.thread, remote.counts);
  counters = makeRemoteCounters(plan, remote, announce);
}

/** Node's `resolve` hook. */
export async function resolve(
  specifier: string,
  context: HookContext,
  next: (specifier: string, context?: HookContext) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await next(specifier, context);
  } catch (error) {
    const meant = meantSpecifier(plan, specifier, context.parentURL, error, false);
    if (meant === null) throw error;
    return next(meant, context);
  }
}

/** Node's `load` hook. */
export async function load(
  url: string,
  context: HookContext,
  next: (url: string, context?: HookContext) => Promise<Loaded>,
): Promise<Loaded> {
  const how = planLoad(plan, counters, url);
  if (how.kind === 'ours') return how.load();
  const path = how.kind === 'changed' ? pathOfUrl(url) : null;
  if (how.kind === 'default' || path === null || waiting.has(path)) return next(url, context);
  waiting.add(path);
  try {
    return how.change(await next(url, context));
  } finally {
    waiting.delete(path);
  }
}
