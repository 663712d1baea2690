// The suites that need a real VS Code: `node --import tsx test/vscode/run.ts [host|browser] [name filter]`.
// Every folder of cases/ runs inside an extension host; then browser/ drives the packaged extension with
// mouse and keyboard. LINEPROF_VSCODE=desktop|code-server chooses the editor; without it the desktop is taken
// where there is a display and @vscode/test-electron can fetch it, code-server otherwise. An editor that cannot be
// had is a failure. LINEPROF_VSCODE_SUITE=off leaves all of it out, and says so: for a machine that runs the other
// tests once for each Node. LINEPROF_VSCODE_SUITE=short runs a few of each, and says which it leaves out: all take
// twenty minutes on two cores.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { launchBrowser } from './editor/browser.ts';
import { type Case, findCases, ROOT } from './editor/cases.ts';
import { type CaseResult, runInCodeServer, runInDesktop } from './editor/host-run.ts';
import { installEditor } from './editor/install.ts';
import { packageOnce } from './support/package.ts';

/** What LINEPROF_VSCODE_SUITE=short runs: that it starts, is trusted or not, and profiles by mouse and keyboard. */
const SHORT = ['activation', 'untrusted', 'profile.browser.ts'];
const chosen = process.env['LINEPROF_VSCODE_SUITE'] ?? 'all';

const log = (text: string) => console.log(`vscode tests: ${text}`);
const [which, filter] = process.argv.slice(2);

if (chosen === 'off') {
  log('NOT RUN, as LINEPROF_VSCODE_SUITE=off asks');
  process.exit(0);
}
let failed = false;
try {
  if (which !== 'browser')
    failed = !(await hostSuite(inSuite(await findCases(filter), ({ name }) => name))) || failed;
  if (which !== 'host') failed = !(await browserSuite(filter)) || failed;
} catch (error) {
  log(
    `FAILED: there is no editor to test in.\n${error instanceof Error ? (error.stack ?? error.message) : error}`,
  );
  failed = true;
}
process.exit(failed ? 1 : 0);

async function hostSuite(cases: readonly Case[]): Promise<boolean> {
  const desktop = await findDesktop();
  log(desktop === null ? 'extension host of code-server' : `extension host of the desktop, ${desktop}`);
  const results: CaseResult[] = [];
  if (desktop === null) {
    const editor = installEditor(log);
    const browser = await launchBrowser(log);
    try {
      for (const one of cases) results.push(shown(await twice(() => runInCodeServer(one, editor, browser))));
    } finally {
      await browser.close();
    }
  } else {
    for (const one of cases) results.push(shown(await twice(() => runInDesktop(one, desktop))));
  }
  const bad = results.filter((result) => !result.passed).map((result) => result.name);
  log(`${results.length - bad.length} of ${results.length} cases passed${bad.length ? `; not: ${bad}` : ''}`);
  return bad.length === 0;
}

/** Of all names those that run, told. */
function inSuite<T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  if (chosen !== 'short') return all;
  const run = all.filter((one) => SHORT.includes(nameOf(one)));
  const left = all.filter((one) => !SHORT.includes(nameOf(one)));
  log(`SHORT, as LINEPROF_VSCODE_SUITE asks: ${run.map(nameOf)}; NOT RUN: ${left.map(nameOf)}`);
  return run;
}

/**
 * As the other tests of real processes (.mocharc.jsonc), a case may be repeated once: a window that is late on a
 * busy machine is not the extension's fault, and an extension that is wrong is wrong again. Both are told of.
 */
async function twice(run: () => Promise<CaseResult>): Promise<CaseResult> {
  const first = await run();
  if (first.passed) return first;
  tellFirst(first.name, `${first.report}\n${first.detail}`);
  return await run();
}

/** The report of an attempt that is made again, so that nobody takes its closing lines for the result. */
function tellFirst(name: string, report: string): void {
  log(`${name} failed, and is tried once more. The first attempt:`);
  console.log(report.trimEnd().replace(/^/gm, '  | '));
}

function shown(result: CaseResult): CaseResult {
  console.log(result.report.trimEnd() || `\n  ${result.name}: no test report`);
  if (!result.passed) console.log(result.detail);
  return result;
}

/** The desktop's executable, or null to use code-server. */
async function findDesktop(): Promise<string | null> {
  const editor = process.env['LINEPROF_VSCODE'];
  if (editor === 'code-server') return null;
  const display =
    process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (editor !== 'desktop' && !display) return null;
  try {
    return process.env['LINEPROF_VSCODE_PATH'] ?? (await downloadAndUnzipVSCode({ timeout: 20_000 }));
  } catch (error) {
    if (editor === 'desktop') throw error;
    log(`no desktop to be had (${error})`);
    return null;
  }
}

async function browserSuite(grep: string | undefined): Promise<boolean> {
  log('packaged extension in code-server, by mouse and keyboard');
  installEditor(log);
  const env = { ...process.env, LINEPROF_TEST_VSIX: packageOnce() };
  const mocha = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const args = [
    mocha,
    '--no-config',
    '--bail',
    '--require',
    'tsx',
    '--timeout',
    '240000',
    '--forbid-only',
    '--forbid-pending',
  ];
  const folder = join(ROOT, 'test', 'vscode', 'browser');
  const found = readdirSync(folder).filter((name) => name.endsWith('.browser.ts'));
  const files = inSuite(found.sort(), (name) => name);
  // One window after the other, each with a mocha of its own: what breaks one says nothing about the next.
  const codes: (number | null)[] = [];
  for (const file of files) {
    const run = () => output([...args, ...(grep ? ['--grep', grep] : []), join(folder, file)], env);
    let last = await run();
    if (last.code !== 0) {
      tellFirst(file, last.text);
      last = await run();
    }
    console.log(last.text.trimEnd());
    codes.push(last.code);
  }
  return codes.length > 0 && codes.every((code) => code === 0);
}

/** Runs Node and gathers what it prints. */
async function output(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      text += part;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}
