import { merge } from '../analyze/merge.ts';
import type { Diagnosis } from '../model/doctor.ts';
import { ProfileError } from '../model/error.ts';
import type { Profile, RunFacts } from '../model/profile.ts';
import type { Progress } from '../model/progress.ts';
import type { Measure, ProfileRequest } from '../model/request.ts';
import { nextStep } from '../report/hint.ts';
import type { Command, OutputChoice } from './command.ts';
import { failureOf } from './failure.ts';
import { interruptible, signalExitCode } from './interrupt.ts';
import { type Output, wantsColor, writeAll } from './output.ts';
import { parseArguments } from './parse.ts';
import { progressTeller } from './progress.ts';
import type { CpuProfileReader } from './result-file.ts';
import { checkJsonPath, checkWritable, drawTimeline, type ShowPlace, show } from './show.ts';

/** The engine's one function, as the command line calls it. */
export type ProfileFunction = (
  request: ProfileRequest,
  tools: { collectFolder: string; onProgress?: (progress: Progress) => void; signal?: AbortSignal },
) => Promise<Profile>;

/** The engine's function for memory. */
export type MemoryFunction = (
  request: ProfileRequest,
  tools: { collectFolder: string; onProgress?: (progress: Progress) => void; signal?: AbortSignal },
  options?: {
    readonly collectMillis?: number;
    readonly recount?: boolean;
    readonly objects?: boolean;
    readonly timeline?: 'none' | 'process' | 'children';
  },
) => Promise<Profile>;

/** What tries a Node out, as the command line calls it. */
export type DoctorFunction = (where: {
  readonly node: string | null;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}) => Promise<Diagnosis>;

/** What the command line is handed: its surroundings, and the heavy parts, loaded only when they are needed. */
export interface Tools extends ShowPlace {
  readonly stderr: Output;
  readonly version: string;
  readonly collectFolder: string;
  readonly engine: () => Promise<ProfileFunction>;
  readonly memoryEngine: () => Promise<MemoryFunction>;
  readonly doctor: () => Promise<DoctorFunction>;
  readonly schema: () => Promise<object>;
  readonly cpuProfileReader: () => Promise<CpuProfileReader>;
}

/** Does what the arguments after `lineprof` say and resolves to the exit code; it never rejects. */
export async function main(args: readonly string[], tools: Tools): Promise<number> {
  try {
    return await obey(parseArguments(args, tools), tools);
  } catch (error) {
    const { text, exitCode } = failureOf(error, tools.env['LINEPROF_DEBUG'] === '1');
    await writeAll(tools.stderr, text).catch(() => {});
    return exitCode;
  }
}

async function obey(command: Command, tools: Tools): Promise<number> {
  switch (command.kind) {
    case 'text':
      await writeAll(tools.stdout, `${command.text.trimEnd()}\n`);
      return 0;
    case 'doctor':
      await doctor(command, tools);
      return 0;
    case 'view':
      return await view(command.files, command.output, tools);
    case 'profile':
      return await profileAndShow(command.request, command.output, tools);
    case 'memory':
      return await memoryAndShow(command, tools);
  }
}

async function doctor(command: Command & { kind: 'doctor' }, tools: Tools): Promise<void> {
  const diagnose = await tools.doctor();
  const diagnosis = await diagnose({ node: command.node, cwd: tools.cwd, env: tools.env });
  const text = command.json
    ? `${JSON.stringify(diagnosis, null, 2)}\n`
    : (await import('../report/doctor.ts')).renderDiagnosis(
        diagnosis,
        wantsColor(command, tools.stdout, tools.env),
      );
  await writeAll(tools.stdout, text);
}

async function view(files: readonly string[], output: OutputChoice, tools: Tools): Promise<number> {
  await checkJsonPath(output, tools.cwd);
  const { resultReader } = await import('./result-file.ts');
  const read = resultReader(await tools.schema());
  const profiles: Profile[] = [];
  const readCpuProfile: CpuProfileReader = async (text, path) => (await tools.cpuProfileReader())(text, path);
  for (const file of files) profiles.push(await read(file, tools.cwd, readCpuProfile));
  if (new Set(profiles.map(({ run }) => run.times)).size > 1) {
    throw new ProfileError(
      'usage',
      'results with self time alone (.cpuprofile) cannot be added to results with whole times',
      'View them one by one.',
    );
  }
  await show(merge(profiles), output, tools);
  return 0;
}

async function profileAndShow(request: ProfileRequest, output: OutputChoice, tools: Tools): Promise<number> {
  await checkJsonPath(output, tools.cwd);
  const profile = await profileWithSignals(request, output, tools, 'time');
  await show(profile, output, tools);
  const hint = output.quiet || output.json === '-' ? null : nextStep(profile, output.json !== null);
  if (hint !== null) await writeAll(tools.stderr, `${hint}\n`);
  return exitCodeOfRun(profile.run);
}

async function memoryAndShow(
  { request, memory, output }: Command & { kind: 'memory' },
  tools: Tools,
): Promise<number> {
  await checkJsonPath(output, tools.cwd);
  if (memory.overTime !== null) await checkWritable(memory.overTime, '--over-time', tools.cwd);
  const engine: ProfileFunction = async (asked, engineTools) =>
    (await tools.memoryEngine())(asked, engineTools, {
      recount: memory.recount,
      objects: memory.objects,
      timeline: memory.overTime === null ? 'none' : memory.children ? 'children' : 'process',
      ...(memory.collectMillis === null ? {} : { collectMillis: memory.collectMillis }),
    });
  const profile = await profileWithSignals(
    request,
    output,
    { ...tools, engine: async () => engine },
    'memory',
  );
  await show(profile, output, tools);
  if (memory.overTime !== null) await drawTimeline(profile, memory.overTime, tools.cwd);
  return exitCodeOfRun(profile.run);
}

async function profileWithSignals(
  request: ProfileRequest,
  output: OutputChoice,
  tools: Tools,
  measure: Measure,
): Promise<Profile> {
  const telling = tools.stderr.isTTY === true && !output.quiet;
  const tell = (line: string | null) => {
    if (telling && line !== null) void writeAll(tools.stderr, `${line}\n`).catch(() => {});
  };
  const teller = progressTeller(measure);
  const interrupt = interruptible(() =>
    tell('lineprof: stopping the program; what there is follows (again: ends at once)'),
  );
  try {
    const profile = await tools.engine();
    return await profile(request, {
      collectFolder: tools.collectFolder,
      signal: interrupt.signal,
      onProgress: (progress) => tell(teller(progress)),
    });
  } finally {
    interrupt.dispose();
  }
}

/** As timeout(1) of the GNU coreutils says that the time was up. */
const TIMED_OUT = 124;

/**
 * The program's own exit code, or a shell's for the signal that ended it; a run stopped by `--timeout` is 124. A Node
 * too busy for Ctrl-C was ended by force: that was Ctrl-C.
 */
export function exitCodeOfRun({ exitCode, signal, stopped }: RunFacts): number {
  if (stopped === 'timeout') return TIMED_OUT;
  if (exitCode !== null) return exitCode;
  if (stopped === 'cancelled' && signal === 'SIGKILL') return signalExitCode('SIGINT');
  if (signal !== null) return signalExitCode(signal);
  return stopped === 'cancelled' ? signalExitCode('SIGINT') : 0;
}
