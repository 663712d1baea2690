import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import type { Browser } from 'playwright-core';
import { REPORT_ENV } from '../host/suite.ts';
import { type Case, ROOT } from './cases.ts';
import type { Editor } from './install.ts';
import { startServer } from './server.ts';

/** How one case ended. `report` is mocha's own, `detail` what the editor said when there is no report. */
export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  readonly report: string;
  readonly detail: string;
}

/** Longest a case may take, its editor's start included. */
const LIMIT_MILLIS = 600_000;

/** Runs a case inside code-server's extension host, through a page of a headless browser. */
export async function runInCodeServer(one: Case, editor: Editor, browser: Browser): Promise<CaseResult> {
  return inTemporary(one, async ({ home, workspace, report, temporary }) => {
    const env = { [REPORT_ENV]: report, TMPDIR: temporary };
    const server = await startServer(editor, { home, settings: one.settings, env, automation: true });
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const said: string[] = [];
    try {
      const page = await context.newPage();
      const exit = new Promise<number>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no end within ${LIMIT_MILLIS / 1000} s`)),
          LIMIT_MILLIS,
        );
        const done = (code: number) => {
          clearTimeout(timer);
          resolve(code);
        };
        page.exposeFunction('codeAutomationExit', done).catch(reject);
        page.exposeFunction('codeAutomationLog', (type: string, args: unknown) => {
          said.push(`${type}: ${JSON.stringify(args)}`);
        });
        page.once('crash', () => reject(new Error('the page crashed')));
      });
      const remote = (path: string) => `vscode-remote://${server.address}${path}`;
      await page.goto(
        server.url(workspace, [
          ['extensionDevelopmentPath', remote(ROOT)],
          ['extensionTestsPath', remote(one.bundle)],
        ]),
      );
      const code = await exit;
      return { code, detail: said.slice(-40).join('\n') };
    } catch (error) {
      return { code: 1, detail: `${error}\n${said.slice(-40).join('\n')}` };
    } finally {
      await context.close();
      await server.stop();
    }
  });
}

/** Runs a case in the desktop's extension host; `executable` null means the build that test-electron fetches. */
export async function runInDesktop(one: Case, executable: string | null): Promise<CaseResult> {
  return inTemporary(one, async ({ home, workspace, report, temporary }) => {
    const userData = join(home, 'user-data');
    mkdirSync(join(userData, 'User'), { recursive: true });
    writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(one.settings));
    try {
      const code = await runTests({
        ...(executable ? { vscodeExecutablePath: executable } : {}),
        extensionDevelopmentPath: ROOT,
        extensionTestsPath: one.bundle,
        extensionTestsEnv: { [REPORT_ENV]: report, TMPDIR: temporary },
        launchArgs: [
          workspace,
          ...['--user-data-dir', userData, '--extensions-dir', join(home, 'extensions')],
          ...['--disable-extensions', '--skip-welcome', '--skip-release-notes'],
        ],
      });
      return { code, detail: '' };
    } catch (error) {
      return { code: 1, detail: String(error) };
    }
  });
}

interface Folders {
  readonly home: string;
  readonly workspace: string;
  readonly report: string;
  /** The case's own temporary folder: what is left in it is the case's doing. */
  readonly temporary: string;
}

/** A case passes when its editor says so AND its report shows that tests ran and none failed. */
async function inTemporary(
  one: Case,
  run: (folders: Folders) => Promise<{ readonly code: number; readonly detail: string }>,
): Promise<CaseResult> {
  const home = mkdtempSync(join(tmpdir(), 'lineprof-case-'));
  const workspace = join(home, 'workspace');
  const report = join(home, 'report.txt');
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  try {
    cpSync(one.workspace, workspace, { recursive: true });
    const { code, detail } = await run({ home, workspace, report, temporary });
    const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
    const passed = code === 0 && /^ *[1-9]\d* passing/m.test(text) && !/^ *\d+ failing/m.test(text);
    return { name: one.name, passed, report: text, detail };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
