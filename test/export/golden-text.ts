import type { Profile } from '../../src/model/profile.ts';

/** A profile of self times as text: what a reader can check against the recorded file. */
export function selfTimeText({ run, functions, tree }: Profile): string {
  const micros = (value: number | null) => (value === null ? '?' : String(Math.round(value)));
  return [
    `${run.command.join(' ')}: ${run.samples} samples of ${run.intervalMicros.toFixed(1)} µs in ${micros(run.realMicros)} µs`,
    `unplaced ${run.unplacedSamples}, outside ${run.outsideSamples}, times ${run.times}, hits ${run.hits}`,
    ...run.notes.map((note) => `- ${note}`),
    ...functions.flatMap((fn) => [
      '',
      `${fn.name} ${fn.file}:${fn.line}-${fn.endLine}: ${fn.samples} samples (${micros(fn.totalMicros)} µs), self ${fn.selfSamples} (${micros(fn.selfMicros)} µs)`,
      ...fn.notes.map((note) => `- ${note}`),
      ...fn.lines.map(({ line, selfSamples, percent, text }) =>
        `${String(line).padStart(4)} ${(selfSamples === 0 ? '' : String(selfSamples)).padStart(5)} ${(selfSamples === 0 || percent === null ? '' : percent.toFixed(1)).padStart(6)} | ${text}`.trimEnd(),
      ),
    ]),
    '',
    'own functions in the tree:',
    ...tree.nodes.flatMap((node) => {
      const frame = tree.frames[node.frame]!;
      return frame.kind === 'own'
        ? [`  ${frame.name} ${frame.file}:${frame.line}: ${node.samples}, self ${node.selfSamples}`]
        : [];
    }),
    '',
  ].join('\n');
}
