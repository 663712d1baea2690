import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BroadcastChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import {
  type CollectorPlan,
  type HitsReading,
  hitsFileName,
  PROTOCOL_VERSION,
} from '../protocol/collector.ts';
import { hitsOf } from './counters.ts';
import type { CountedScript } from './instrumenter.ts';
import { writeReading } from './readings.ts';

/**
 * A worker that is terminated gets no chance to write its counts, and test runners terminate all of theirs. So
 * every worker tells the main thread, in the array's own shared memory, where its counts are.
 */
type Message =
  | { readonly kind: 'counts'; readonly thread: number; readonly counts: SharedArrayBuffer }
  | { readonly kind: 'script'; readonly thread: number; readonly script: CountedScript };

const channelName = (plan: CollectorPlan): string => `lineprof ${plan.folder}`;

/** In a worker, or on its hooks thread: tells of its counts now, and of every script that is then handed to the returned function. */
export function announceCounts(
  plan: CollectorPlan,
  thread: number,
  counts: ArrayBufferLike,
): (script: CountedScript) => void {
  const channel = new BroadcastChannel(channelName(plan));
  channel.unref();
  const tell = (message: Message): void => channel.postMessage(message);
  tell({ kind: 'counts', thread, counts: counts as SharedArrayBuffer });
  return (script) => tell({ kind: 'script', thread, script });
}

/** In the main thread: what its workers announced. */
export interface WorkerCounts {
  /** To be called before the first worker starts. */
  readonly listen: () => void;
  /** Writes the hits of the workers that did not write them themselves. */
  readonly write: () => void;
}

/** Keeps what workers announce until the end. */
export function collectWorkerCounts(plan: CollectorPlan): WorkerCounts {
  let channel: BroadcastChannel | null = null;
  const counts = new Map<number, SharedArrayBuffer>();
  const scripts = new Map<number, CountedScript[]>();
  const keep = (message: Message): void => {
    if (message.kind === 'counts') counts.set(message.thread, message.counts);
    else scripts.set(message.thread, [...(scripts.get(message.thread) ?? []), message.script]);
  };
  return {
    listen() {
      if (channel !== null) return;
      channel = new BroadcastChannel(channelName(plan));
      channel.onmessage = (event) => keep((event as { data: Message }).data);
      channel.unref();
    },
    write() {
      if (channel === null) return;
      // The type leaves out that a BroadcastChannel may be asked too.
      const port = channel as unknown as MessagePort;
      for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
        keep(got.message as Message);
      }
      for (const [thread, buffer] of counts) {
        const name = hitsFileName(process.pid, thread);
        if (existsSync(join(plan.folder, name))) continue;
        const array = new Float64Array(buffer);
        writeReading(plan.folder, name, {
          version: PROTOCOL_VERSION,
          pid: process.pid,
          thread,
          scripts: (scripts.get(thread) ?? []).map((script) => hitsOf(plan, script, array)),
        } satisfies HitsReading);
      }
    },
  };
}
