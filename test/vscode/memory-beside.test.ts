import assert from 'node:assert/strict';
import type { LineMemory } from '../../src/model/memory.ts';
import type { FunctionProfile } from '../../src/model/profile.ts';
import { memoryBeside } from '../../src/vscode/memory-beside.ts';
import { memoryHover } from '../../src/vscode/memory-hover.ts';
import { functionProfile, profileOf } from './support/profile.ts';

const MEMORY: LineMemory = {
  ...{ occurrences: 3, allocatedBytes: 5000, isSampled: false, incrementBytes: 4096, isEstimated: false },
  ...{ usageBytes: 2_097_152, othersBytes: 0 },
};
const LINES = ['function fill() {', '  const all = make();', '  use(all);', '}'];

function fill(lines: readonly string[], line: number, file = 'src/fill.ts'): FunctionProfile {
  const text = `${'\n'.repeat(line - 1)}${lines.join('\n')}`;
  return functionProfile({ name: 'fill', file, line, endLine: line + lines.length - 1 }, text, 100, 1, {});
}

function read(fn: FunctionProfile): FunctionProfile {
  return {
    ...fn,
    memory: { allocatedBytes: 5000, incrementBytes: 4096, isEstimated: false, objects: null },
    lines: fn.lines.map((line, index) => ({ ...line, memory: index === 1 ? MEMORY : null })),
  };
}

describe('the memory run beside a timed function', () => {
  const memory = profileOf('/app', [read(fill(LINES, 10))]);
  const { run } = memory;

  it('is found by what the lines hold, wherever they are now', () => {
    const timed = fill([LINES[0]!, '  // said since', ...LINES.slice(1)], 30);
    assert.deepEqual(memoryBeside(run, timed, memory), [null, null, MEMORY, null, null]);
  });

  it('has nothing for a line that was changed since', () => {
    const timed = fill([LINES[0]!, '  const all = make(2);', ...LINES.slice(2)], 10);
    assert.deepEqual(memoryBeside(run, timed, memory), [null, null, null, null]);
  });

  it('is of the same file, from whichever folder it was run', () => {
    assert.deepEqual(
      memoryBeside({ ...run, cwd: '/app/src' }, fill(LINES, 10, 'fill.ts'), memory)?.[1],
      MEMORY,
    );
    assert.equal(memoryBeside(run, fill(LINES, 10, 'src/other.ts'), memory), undefined);
    assert.equal(memoryBeside(run, fill(LINES, 10), null), undefined);
  });
});

describe('the hover of a line of memory', () => {
  const { run } = profileOf('/app', []);
  const fn = read(fill(LINES, 10));
  const words = (memory: LineMemory | null) => memoryHover(run, fn, { ...fn.lines[1]!, memory }, false, []);

  it('has a blank for what is not known, and says why', () => {
    const text = words({ ...MEMORY, incrementBytes: null, usageBytes: null });
    assert.match(text, /^\| &nbsp; \| &nbsp; \| 0\.00477 MiB&nbsp; \| 3&nbsp; \|$/m);
    assert.match(text, /Nothing was collected around this line/);
  });

  it('says what is dealt out and what is left out', () => {
    const text = words({ ...MEMORY, isEstimated: true, isSampled: true, othersBytes: 100 });
    assert.match(text, /~\+0\.00391 MiB.*~0\.00477 MiB/);
    assert.match(
      text,
      /increment is dealt out[\s\S]*what was allocated is dealt out[\s\S]*100 B were allocated by others/,
    );
  });

  it('tells lines that never ran from lines without a statement', () => {
    assert.match(words({ ...MEMORY, occurrences: 0 }), /Never ran/);
    assert.match(words(null), /No statement begins on this line/);
  });

  it('lets nothing of the program into its Markdown', () => {
    const evil = { ...fn, name: 'x](command:lineprof.memoryOf?%5B%5D) `<b>' };
    const text = memoryHover(run, evil, fn.lines[1]!, true, []);
    assert.match(text, /`` x\]\(command:lineprof\.memoryOf\?%5B%5D\) `<b> ``/);
  });
});
