import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor } from './install.ts';

/** What a code-server is started with. */
export interface ServerOptions {
  /** Folder for its user data and extensions; made when missing. */
  readonly home: string;
  /** User settings, as in settings.json. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  /** Take a development extension and report a test run to the page. */
  readonly automation: boolean;
}

/** A running code-server on this machine's loopback interface. */
export interface Server {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** URL of the editor with a folder open; `payload` as of the web workbench. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  stop(): Promise<void>;
}

/** Starts code-server on a free port and waits until it listens. */
export async function startServer(editor: Editor, options: ServerOptions): Promise<Server> {
  const userData = join(options.home, 'user-data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(options.settings, null, 2));
  const args = [
    editor.entry,
    ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--user-data-dir', userData],
    ...['--extensions-dir', join(options.home, 'extensions'), '--config', join(options.home, 'config.yaml')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(options.automation ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(editor.node, args, {
    // No gallery: nothing outside this machine is asked for.
    env: {
      ...process.env,
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      ...options.env,
      CODE_SERVER_SESSION_SOCKET: join(options.home, 'session.sock'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const address = await listening(child);
  return {
    address,
    url: (folder, payload = []) => {
      const query = `folder=${encodeURIComponent(folder)}`;
      return `http://${address}/?${query}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    },
    stop: () => stop(child),
  };
}

/** Installs a packaged extension the way a user does from the command line. */
export async function installVsix(editor: Editor, home: string, vsix: string): Promise<void> {
  const args = [
    editor.entry,
    ...['--user-data-dir', join(home, 'user-data'), '--extensions-dir', join(home, 'extensions')],
    ...['--config', join(home, 'config.yaml'), '--install-extension', vsix],
  ];
  const child = spawn(editor.node, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`--install-extension ended with ${code}:\n${output()}`);
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

function listening(child: ChildProcess): Promise<string> {
  const output = collect(child);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('did not listen within 60 s'), 60_000);
    const fail = (why: string) => {
      clearTimeout(timer);
      stop(child).then(() => reject(new Error(`code-server ${why}:\n${output()}`)), reject);
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stdout?.on('data', () => {
      const match = /listening on http:\/\/(127\.0\.0\.1:\d+)/.exec(output());
      if (!match) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(match[1]!);
    });
  });
}

/** The server is the leader of its process group, so its extension hosts end with it. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = child.exitCode !== null || child.signalCode !== null;
  const exit = ended ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Nothing of the group is left.
    }
    await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 2000))]);
  }
}
