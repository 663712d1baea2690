// A process that makes one profile (or one diagnosis) for an editor: what is read and run for it never holds up the
// editor's extension host, and everything below it ends with it. Spoken to as in protocol/engine.ts.
import { join } from 'node:path';
import { diagnose } from './engine/doctor.ts';
import { profileMemory } from './engine/memory.ts';
import { profile } from './engine.ts';
import { ProfileError } from './model/error.ts';
import type { Profile } from './model/profile.ts';
import type { Progress } from './model/progress.ts';
import { ENGINE_PROTOCOL_VERSION, type FromEngine, type ToEngine } from './protocol/engine.ts';

type Asked = Exclude<ToEngine, { kind: 'cancel' }>;
type AskedProfile = Extract<ToEngine, { kind: 'profile' }>;

const stopping = new AbortController();

/** Who cancels in an editor sees the program gone within a second, whatever the program thinks of it. */
const GRACE_MILLIS = 600;
/** An editor shows no tree while a program runs, and a large one would be sent again and again. */
const NO_TREE: Profile['tree'] = { frames: [], nodes: [] };

process.on('message', (message: ToEngine) => {
  if (message.kind === 'cancel') stopping.abort();
  else if (message.version === ENGINE_PROTOCOL_VERSION) void answer(message);
});
// The editor is gone: nobody waits for the profile.
process.once('disconnect', () => stopping.abort());

async function answer(message: Asked): Promise<void> {
  const last = await attempt(message);
  if (process.connected) process.send?.(last, () => process.disconnect());
}

async function attempt(message: Asked): Promise<FromEngine> {
  try {
    if (message.kind === 'profile') return { kind: 'done', profile: await make(message) };
    const probe = join(__dirname, 'register', 'doctor.cjs');
    return { kind: 'diagnosed', diagnosis: await diagnose({ ...message, probe }) };
  } catch (error) {
    if (error instanceof ProfileError) {
      return { kind: 'failed', reason: error.reason, message: error.message, advice: error.advice };
    }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'failed', reason: 'internal', message, advice: 'Please report this.' };
  }
}

/** @throws as the engine does */
async function make({ request, measure, details, collectFolder }: AskedProfile): Promise<Profile> {
  const tell = (message: FromEngine): void => {
    if (process.connected) process.send?.(message);
  };
  const tools = {
    collectFolder,
    signal: stopping.signal,
    graceMillis: GRACE_MILLIS,
    onStarted: (pid: number) => tell({ kind: 'started', pid }),
    onProgress: (progress: Progress) => tell({ kind: 'progress', progress }),
  };
  return measure === 'memory'
    ? await profileMemory(request, tools, {
        recount: details !== 'none',
        objects: details !== 'none',
        timeline: details === 'all' ? 'process' : 'none',
      })
    : await profile(request, {
        ...tools,
        onLive: (live) => tell({ kind: 'live', profile: { ...live, tree: NO_TREE } }),
      });
}
