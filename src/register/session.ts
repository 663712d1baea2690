import { Session } from 'node:inspector';
import type { Protocol } from 'devtools-protocol';
import type { AnyFunction } from './wrap.ts';

/** Where V8 says that a function begins; 0-based. */
export interface FunctionLocation {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

/** A script as V8 compiled it. */
export interface LoadedScript {
  readonly url: string;
  readonly text: string;
}

/** An inspector session of this thread with itself; every answer is there when the call returns. */
export interface OwnSession {
  readonly session: Session;
  /** URLs of the scripts that are loaded, by id. */
  urls(): ReadonlyMap<string, string>;
  /** Scripts by id, those that V8 still has. */
  scripts(ids: ReadonlySet<string>): ReadonlyMap<string, LoadedScript>;
  locationOf(fn: AnyFunction): FunctionLocation | null;
  startCoverage(): void;
  takeCoverage(): readonly Protocol.Profiler.ScriptCoverage[];
}

const HELD = Symbol.for('lineprof.held');

/** Connects to the thread that this runs on. */
export function openSession(): OwnSession {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, params?: object): T => {
    let failure: Error | null = null;
    let result: unknown = null;
    session.post(method, params, (error, value) => {
      failure = error;
      result = value;
    });
    if (failure !== null) throw failure;
    return result as T;
  };
  /** The debugger is on for the time of the call alone: while it is, V8 keeps more about code than it else would. */
  const withDebugger = <T>(use: (urls: ReadonlyMap<string, string>) => T): T => {
    const urls = new Map<string, string>();
    const note = ({ params }: { params: { scriptId: string; url: string } }): void => {
      urls.set(params.scriptId, params.url);
    };
    session.on('Debugger.scriptParsed', note);
    try {
      post('Debugger.enable');
      return use(urls);
    } finally {
      post('Debugger.disable');
      session.off('Debugger.scriptParsed', note);
    }
  };
  return {
    session,
    urls: () => withDebugger((urls) => urls),
    scripts: (ids) =>
      withDebugger((urls) => {
        const found = new Map<string, LoadedScript>();
        for (const scriptId of ids) {
          const url = urls.get(scriptId);
          if (url === undefined) continue;
          const { scriptSource } = post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId });
          found.set(scriptId, { url, text: scriptSource });
        }
        return found;
      }),
    locationOf(fn) {
      const holder = globalThis as unknown as Record<symbol, unknown>;
      holder[HELD] = fn;
      try {
        const { result } = post<{ result: { objectId?: string } }>('Runtime.evaluate', {
          expression: `globalThis[Symbol.for(${JSON.stringify(HELD.description)})]`,
          objectGroup: 'lineprof',
        });
        if (result.objectId === undefined) return null;
        const { internalProperties } = post<{
          internalProperties?: { name: string; value?: { value?: unknown } }[];
        }>('Runtime.getProperties', { objectId: result.objectId, ownProperties: true });
        const location = internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')?.value
          ?.value as { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
        if (location === undefined) return null;
        return { scriptId: location.scriptId, line: location.lineNumber, column: location.columnNumber };
      } finally {
        delete holder[HELD];
        post('Runtime.releaseObjectGroup', { objectGroup: 'lineprof' });
      }
    },
    startCoverage() {
      post('Profiler.enable');
      post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    },
    takeCoverage: () =>
      post<{ result: readonly Protocol.Profiler.ScriptCoverage[] }>('Profiler.takePreciseCoverage').result,
  };
}
