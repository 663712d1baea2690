import { createRequire } from 'node:module';
import type { Instrumenter } from '../collect/instrumenter.ts';
import type { RunFacts } from '../model/profile.ts';
import type { Aggregate } from './aggregate.ts';
import { makeFolder, NOT_OWN, writeResult } from './files.ts';
import type { Marked } from './marked.ts';
import type { RegisterOptions } from './options.ts';
import type { Recorder } from './recorder.ts';
import type * as ResultsBundle from './results.ts';
import type { Sampler } from './samplers/sampler.ts';
import type { OwnSession } from './session.ts';
import { tell, tellOnce } from './tell.ts';
import type { Windows } from './windows.ts';

/** Writes a thread's results, each in place of the one before. */
export interface Writer {
  write(exitCode: number | null): void;
  /** The thread ends: says where its results are. */
  end(): void;
}

export interface WriterHost {
  readonly options: RegisterOptions;
  readonly thread: number;
  readonly sampler: Sampler;
  readonly windows: Windows;
  readonly aggregate: Aggregate;
  readonly marked: Marked;
  readonly recorder: Recorder;
  readonly session: OwnSession;
  /** The bundle that this runs in; that of results lies beside it. */
  readonly file: string;
}

/** The writer of a thread. What fails is told of once. */
export function makeWriter(host: WriterHost): Writer {
  const { options, thread, windows, aggregate, marked, recorder, session } = host;
  const cwd = process.cwd();
  const startedAt = new Date();
  const startMicros = performance.now() * 1000;
  const stamp = startedAt.toISOString().slice(0, 19).replace(/[-:]/g, '');
  const name = `lineprof-${stamp}-${process.pid}-${thread}.${options.format}`;
  let results: ResultsBundle.Results | null = null;
  let written: string | null = null;
  let ended = false;
  try {
    makeFolder(options.folder);
  } catch (error) {
    tellOnce(unwritable(options.folder, error));
  }
  const openResults = (): ResultsBundle.Results => {
    const require = createRequire(host.file);
    const { createResults } = require('./register/results.cjs') as typeof ResultsBundle;
    // The parser is loaded for files that nobody has parsed yet, and is that of the loader hooks.
    return createResults(cwd, (text, file) =>
      (require('./collect/instrument.cjs') as Instrumenter).parseSource(text, file),
    );
  };
  const runFacts = (exitCode: number | null): RunFacts => {
    const { user, system } = process.cpuUsage();
    const samples = aggregate.samples();
    return {
      command: ['node', ...process.argv.slice(1)],
      cwd,
      node: process.version,
      v8: process.versions.v8,
      startedAt: startedAt.toISOString(),
      realMicros: Math.round(performance.now() * 1000 - startMicros),
      userMicros: thread === 0 ? user : null,
      systemMicros: thread === 0 ? system : null,
      maxRssBytes: thread === 0 ? process.resourceUsage().maxRSS * 1024 : null,
      exitCode,
      signal: null,
      stopped: null,
      requestedIntervalMicros: options.intervalMicros,
      intervalMicros: aggregate.intervalMicros() || options.intervalMicros,
      samples,
      unplacedSamples: aggregate.lost(),
      outsideSamples: 0,
      cutSamples: 0,
      overheadSamples: aggregate.overhead(),
      repeats: null,
      hits: options.hits ? 'single-run' : 'none',
      processes: [{ pid: process.pid, thread, command: process.argv.slice(1).join(' '), samples }],
      notes: notesOf(host),
    };
  };
  return {
    write(exitCode) {
      try {
        if (marked.count() === 0) return;
        recorder.drain();
        results ??= openResults();
        const input: ResultsBundle.ResultInput = {
          tree: aggregate.nodes(),
          ...marked.list(windows.countOf),
          coverage: options.hits && recorder.started() ? session.takeCoverage() : null,
          startMicros,
          run: runFacts(exitCode),
        };
        const text =
          options.format === 'json' ? JSON.stringify(results.profile(input)) : results.cpuProfile(input);
        written = writeResult(options.folder, name, text);
      } catch (error) {
        tellOnce(unwritable(options.folder, error));
      }
    },
    end() {
      if (ended || written === null) return;
      ended = true;
      tell(`${written} holds the profile (lineprof view ${written}).`);
    },
  };
}

function notesOf({ sampler, aggregate }: WriterHost): string[] {
  return [
    `Sampled inside the program by ${sampler.name}: self time only, the time of a call is in the function that was called. Where the program may be started anew, lineprof run tells the time of every line with its calls.`,
    ...(Number(process.versions.node.split('.')[0]) < 26
      ? [
          'On Node 20 to 24, V8 gives samples of callees that it had inlined the outer function with the inner line: those that fall on lines of the outer function are on wrong lines.',
        ]
      : []),
    ...(aggregate.lost() > 0
      ? [`${aggregate.lost()} samples are unplaced: V8 had optimised that code before sampling began.`]
      : []),
  ];
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of its path is a file',
  EEXIST: 'it is a file',
  [NOT_OWN]: 'the folder that it is in belongs to somebody else, or others may write to it',
};

function unwritable(folder: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return `no result could be made: ${message}`;
  return `results cannot be written to ${folder}: ${REASONS[code] ?? message}. Set LINEPROF_DIR to a folder that can be written to.`;
}
