import { CommanderError, Option, Command as Parser } from 'commander';
import { ProfileError } from '../model/error.ts';
import { DEFAULT_INTERVAL_MICROS, type HitsMode, type Repeat, type Way } from '../model/request.ts';
import { TIME_UNITS, type TimeUnit } from '../report/units.ts';
import type { Command, OutputChoice } from './command.ts';
import { CALL_HELP, EXEC_HELP, MEMORY_HELP, PROGRAM_HELP, RUN_HELP, VIEW_HELP } from './help.ts';
import { gather, seconds, wholeNumber } from './values.ts';

/** What commander makes of the options; a command has those that were added to it. */
interface Options {
  readonly function: readonly string[];
  readonly interval: number;
  readonly hits: boolean;
  readonly singleRun?: boolean;
  readonly node?: string;
  readonly timeout?: number;
  readonly repeat?: number;
  readonly minTime?: number;
  readonly once?: boolean;
  readonly unit?: TimeUnit;
  readonly skipZero?: boolean;
  readonly byProcess?: boolean;
  readonly quiet?: boolean;
  readonly width?: number;
  readonly color?: boolean;
  readonly json?: string;
  readonly precision?: number;
  readonly collect?: number;
  readonly objects?: boolean;
  readonly overTime?: string;
  readonly includeChildren?: boolean;
}

/** Where the command line is being read. */
export interface Surroundings {
  readonly version: string;
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the arguments after `lineprof`. Throws ProfileError 'usage' with what is wrong and what to do. */
export function parseArguments(args: readonly string[], around: Surroundings): Command {
  let text = '';
  let command: Command | null = null;
  const parser = makeParser(
    around,
    (found) => {
      command = found;
    },
    (written) => {
      text += written;
    },
  );
  try {
    parser.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    throw usageError(error, args);
  }
  if (command === null) throw noCommand();
  return command;
}

function makeParser(
  around: Surroundings,
  found: (command: Command) => void,
  write: (text: string) => void,
): Parser {
  const profile = (way: Way, options: Options) =>
    found({ kind: 'profile', request: requestOf(way, options, around), output: outputOf(options) });
  const parser = new Parser('lineprof');
  // Before the commands: they inherit these.
  parser
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .enablePositionalOptions()
    .description(
      'Line-by-line profiles of TypeScript and JavaScript on Node: hits, time and % time beside the code.',
    )
    .version(around.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', PROGRAM_HELP);

  withOutput(withMeasuring(parser.command('run <script> [args...]')))
    .description('run a script and print the profile of its functions')
    .usage('[options] <script> [args...]')
    .passThroughOptions()
    .addHelpText('after', RUN_HELP)
    .action((script: string, args: string[], options: Options) =>
      profile({ kind: 'run', script, args }, options),
    );

  withOutput(withMeasuring(parser.command('call <file> <expression>')))
    .description("evaluate an expression in a module's scope, as often as it takes, and print the profile")
    .addOption(new Option('--repeat <n>', 'evaluate exactly n times').argParser(wholeNumber(1)))
    .addOption(new Option('--min-time <s>', 'repeat for at least this long').argParser(seconds))
    .addOption(new Option('--once', 'the same as --repeat 1').conflicts(['repeat', 'minTime']))
    .addHelpText('after', CALL_HELP)
    .action((file: string, expression: string, options: Options) => {
      if (options.repeat !== undefined && options.minTime !== undefined) {
        throw new ProfileError('usage', '--repeat and --min-time exclude each other', 'Give one of them.');
      }
      profile({ kind: 'call', file, expression, repeat: repeatOf(options) }, options);
    });

  withOutput(withMeasuring(parser.command('exec <command> [args...]')))
    .description('run any command and profile the Node processes below it')
    .usage('[options] -- <command> [args...]')
    .passThroughOptions()
    .addHelpText('after', EXEC_HELP)
    .action((command: string, args: string[], options: Options) =>
      profile({ kind: 'exec', command: [command, ...args] }, options),
    );

  memoryCommands(parser, around, found);

  withOutput(parser.command('view <result.json...>'))
    .description('print saved results (or a .cpuprofile) again; several are merged')
    .addHelpText('after', VIEW_HELP)
    .action((files: string[], options: Options) => found({ kind: 'view', files, output: outputOf(options) }));

  parser
    .command('doctor')
    .description('try what works with a Node here: sampling, hits, memory; and what to do where it does not')
    .option('--node <path>', 'the Node to look at')
    .option('--json', 'as JSON')
    .option('--color', 'colour the text')
    .option('--no-color', 'never colour it')
    .action(({ node, json, color }: { node?: string; json?: boolean; color?: boolean }) =>
      found({ kind: 'doctor', node: node ?? null, json: json === true, color: color ?? null }),
    );
  return parser;
}

/** `lineprof memory run | call | exec`. */
function memoryCommands(parser: Parser, around: Surroundings, found: (command: Command) => void): void {
  const read = (way: Way, options: Options) => {
    // Of `call`, objects are there unless they are not wanted.
    if (options.singleRun && options.objects === true && way.kind !== 'call') {
      throw new ProfileError('usage', '--single-run and --objects exclude each other', 'Give one of them.');
    }
    found({
      kind: 'memory',
      request: requestOf(way, { ...options, interval: DEFAULT_INTERVAL_MICROS, hits: true }, around),
      memory: {
        collectMillis: options.collect === undefined ? null : options.collect * 1000,
        recount: options.singleRun !== true,
        objects: (options.objects ?? false) && options.singleRun !== true,
        overTime: options.overTime ?? null,
        children: options.includeChildren ?? false,
      },
      output: outputOf(options),
    });
  };
  const memory = parser
    .command('memory')
    .description('what each line allocates and keeps: run, call or exec')
    .enablePositionalOptions()
    .addHelpText('after', MEMORY_HELP);
  withMemory(memory.command('run <script> [args...]'))
    .description('run a script and print the memory of its functions, line by line')
    .option('--objects', 'run a second time, for objects by constructor')
    .usage('[options] <script> [args...]')
    .passThroughOptions()
    .action((script: string, args: string[], options: Options) =>
      read({ kind: 'run', script, args }, options),
    );
  withMemory(memory.command('call <file> <expression>'))
    .description("evaluate an expression once in a module's scope, and print the memory of what it calls")
    .addOption(new Option('--repeat <n>', 'evaluate n times').default(1).argParser(wholeNumber(1)))
    .option('--no-objects', 'do not run a second time for objects by constructor')
    .action((file: string, expression: string, options: Options) =>
      read({ kind: 'call', file, expression, repeat: repeatOf(options) }, options),
    );
  withMemory(memory.command('exec <command> [args...]'))
    .description('run any command and read the memory of functions in the Node processes below it')
    .option('--objects', 'run a second time, for objects by constructor')
    .usage('[options] -- <command> [args...]')
    .passThroughOptions()
    .action((command: string, args: string[], options: Options) =>
      read({ kind: 'exec', command: [command, ...args] }, options),
    );
}

function withMemory(command: Parser): Parser {
  return withTables(
    withChoice(command, "marked functions, else the expression's, else the script's own lines")
      .addOption(
        new Option('--collect <s>', 'time for collections, which tell what lives').argParser(seconds),
      )
      .option('--over-time <file.svg>', 'run once more, and draw memory over time')
      .addOption(new Option('--single-run', 'once only, for what must not run twice').conflicts(['overTime']))
      .option('--include-children', 'with --over-time: a chart for each Node process below the first too')
      .addOption(new Option('--precision <n>', 'decimals of MiB').default(3).argParser(wholeNumber(0, 9))),
  );
}

function withMeasuring(command: Parser): Parser {
  return withChoice(command, 'marked functions, else the hottest five')
    .addOption(
      new Option('-i, --interval <µs>', 'sampling interval asked of V8')
        .default(DEFAULT_INTERVAL_MICROS)
        .argParser(wholeNumber(10, 1_000_000)),
    )
    .option('--no-hits', 'time only: do not run a second time to count hits')
    .addOption(new Option('--single-run', 'count hits while timing, for what must not run twice'));
}

/** What every command that runs a program has. */
function withChoice(command: Parser, byDefault: string): Parser {
  return command
    .addOption(
      new Option('-f, --function <selector>', 'file.ts:name, Class.method, name or a glob; repeatable')
        .default([], byDefault)
        .argParser(gather),
    )
    .option('--node <path>', 'the Node to run')
    .addOption(new Option('--timeout <s>', 'stop after this long and show what there is').argParser(seconds));
}

function withOutput(command: Parser): Parser {
  return withTables(command)
    .addOption(new Option('-u, --unit <unit>', 'unit of times').choices(TIME_UNITS))
    .option('--by-process', 'a table for each process and thread');
}

/** What every command that prints tables has. */
function withTables(command: Parser): Parser {
  return command
    .option('-z, --skip-zero', 'leave out lines that did not run')
    .option('--json <file>', 'write the result too (-: to standard output, instead of tables)')
    .option('-q, --quiet', 'tables only: no progress, no notes on the run, no advice')
    .addOption(new Option('--width <columns>', 'cut source lines to this width').argParser(wholeNumber(20)))
    .option('--color', 'colour the tables')
    .option('--no-color', 'never colour them');
}

function requestOf(way: Way, options: Options, { cwd, env }: Surroundings) {
  if (!options.hits && options.singleRun) {
    throw new ProfileError('usage', '--no-hits and --single-run exclude each other', 'Give one of them.');
  }
  const hits: HitsMode = !options.hits ? 'none' : options.singleRun ? 'single-run' : 'second-run';
  return {
    way,
    functions: options.function,
    intervalMicros: options.interval,
    hits,
    node: options.node ?? null,
    timeoutMillis: options.timeout === undefined ? null : options.timeout * 1000,
    cwd,
    env,
    ...(options.byProcess ? { byProcess: true } : {}),
  };
}

function repeatOf({ repeat, minTime, once }: Options): Repeat {
  if (once) return { kind: 'times', times: 1 };
  if (repeat !== undefined) return { kind: 'times', times: repeat };
  return { kind: 'enough', minMillis: minTime === undefined ? null : minTime * 1000 };
}

function outputOf(options: Options): OutputChoice {
  return {
    unit: options.unit ?? null,
    skipZero: options.skipZero ?? false,
    byProcess: options.byProcess ?? false,
    quiet: options.quiet ?? false,
    width: options.width ?? null,
    color: options.color ?? null,
    json: options.json ?? null,
    precision: options.precision ?? 3,
  };
}

const noCommand = () =>
  new ProfileError('usage', 'no command given', 'Try: lineprof run script.ts, or lineprof --help.');

function usageError(error: CommanderError, args: readonly string[]): ProfileError {
  if (error.code === 'commander.help') {
    return args[0] === 'memory'
      ? new ProfileError(
          'usage',
          'no way to run was given',
          'Try: lineprof memory run script.ts, or lineprof memory --help.',
        )
      : noCommand();
  }
  const message = error.message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  return new ProfileError('usage', message, adviceFor(error, args));
}

function adviceFor({ code }: CommanderError, args: readonly string[]): string {
  const command =
    args[0] === 'memory' ? 'memory' : ['run', 'call', 'exec', 'view'].find((name) => name === args[0]);
  if (command === undefined && /\.[cm]?[jt]sx?$/.test(args[0] ?? '')) {
    return `Did you mean: lineprof run ${args.join(' ')}`;
  }
  const help = command === undefined ? 'lineprof --help' : `lineprof ${command} --help`;
  return code === 'commander.unknownOption' && (command === 'run' || command === 'exec')
    ? `lineprof's options come before the ${command === 'run' ? 'script' : 'command'}, the program's own after it; see ${help}.`
    : `See ${help}.`;
}
