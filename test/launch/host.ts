/**
 * A Lineprof in small: plans and launches one request, given as JSON in argv[2], and writes what came of it to
 * the file argv[3]. Its stdin, stdout and stderr are the program's.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRunFolder } from '../../src/launch/folder.ts';
import { launch } from '../../src/launch/launch.ts';
import { ProfileError } from '../../src/model/error.ts';
import type { LaunchPurpose } from '../../src/model/launch.ts';
import { type CountersPlan, type ScriptTarget, THREAD_MARK } from '../../src/protocol/collector.ts';
import { probeNode } from '../../src/target/node.ts';
import { planLaunch } from '../../src/target/plan.ts';
import { unescapeText } from '../../src/v8log/fields.ts';
import type { HostRequest, HostResult } from './support.ts';

const asked = JSON.parse(process.argv[2]!) as HostRequest;
/** What the counting run counts if nothing else is asked for: all of the own scripts that the run before loaded. */
let wholeScripts: CountersPlan | null = null;

/** The scripts under `folder` in V8's logs, as the engine would name them, with the whole of each chosen. */
function scriptsOf(logs: readonly string[], folder: string): ScriptTarget[] {
  return logs.flatMap((log) =>
    [...readFileSync(log, 'latin1').matchAll(/^script-source,\d+,([^,\n]*),(.*)$/gm)].flatMap(
      ([, name, source]) => {
        const url = unescapeText(name!);
        const path = url.startsWith('file:') ? fileURLToPath(url) : url;
        if (!path.startsWith(folder + sep)) return [];
        const text = unescapeText(source!);
        return [
          {
            path,
            textHash: createHash('sha1').update(text).digest('hex'),
            ranges: [[0, text.length]] as const,
            mapped: /sourceMappingURL=/.test(text),
          },
        ];
      },
    ),
  );
}

/** The threads that V8's logs say they are of. */
function threadsOf(logs: readonly string[]): number[] {
  const mark = new RegExp(`^script-source,\\d+,${THREAD_MARK}(\\d+),`, 'm');
  return logs.flatMap((log) => {
    const thread = mark.exec(readFileSync(log, 'latin1'))?.[1];
    return thread === undefined ? [] : [Number(thread)];
  });
}

const results: Partial<HostResult>[] = [];
const folder = await makeRunFolder();
try {
  const request = { ...asked.request, env: process.env };
  const node = await probeNode(request.node, request.env, request.cwd);
  for (const purpose of asked.purposes) {
    const plan = planLaunch(request, {
      folder: folder.path,
      collectFolder: asked.collectFolder,
      purpose: purpose satisfies LaunchPurpose,
      counters: purpose === 'count' ? (asked.counters ?? wholeScripts) : asked.counters,
      repeats: null,
      node,
    });
    const finished = await launch(plan, {
      ...(asked.graceMillis === null ? {} : { graceMillis: asked.graceMillis }),
      ...(asked.abortAfterMillis === null ? {} : { signal: AbortSignal.timeout(asked.abortAfterMillis) }),
    });
    wholeScripts = {
      level: 'lines',
      target: { kind: 'ranges', scripts: scriptsOf(finished.logs, request.cwd) },
    };
    results.push({
      ...finished,
      folder: folder.path,
      logs: finished.logs.map((path) => basename(path)),
      threads: threadsOf(finished.logs),
      logBytes: finished.logs.map((path) => statSync(path).size),
    });
  }
} catch (error) {
  if (!(error instanceof ProfileError)) throw error;
  results.push({ error: { reason: error.reason, message: error.message, advice: error.advice } });
} finally {
  await folder.remove();
}
writeFileSync(process.argv[3]!, JSON.stringify(results));
