// Reads one log as the engine does and prints how long it took and how much memory the process needed.
import { readFileSync } from 'node:fs';
import { readTimes } from '../src/engine/read.ts';
import { parseSource } from '../src/source/parse.ts';

const [, , log, collectFolder] = process.argv;
const from = performance.now();
const { analysis, isolates } = await readTimes(
  { logs: [log!], edits: [] },
  {
    cwd: process.cwd(),
    collectFolder: collectFolder!,
    readFile: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    parse: parseSource,
  },
);
analysis.finish(analysis.hottest(5));
const millis = performance.now() - from;
const samples = isolates.reduce((sum, { counts }) => sum + counts.samples, 0);
console.log(JSON.stringify({ millis, samples, maxRssBytes: process.resourceUsage().maxRSS * 1024 }));
