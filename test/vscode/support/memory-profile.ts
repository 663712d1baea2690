import type { Profile } from '../../../src/model/profile.ts';

/** A memory profile with made-up constructors and memory over time: rising to its peak, with two calls of its function. */
export function withObjectsAndTimeline(profile: Profile): Profile {
  const MIB = 1_048_576;
  const millis = Array.from({ length: 200 }, (_, index) => index * 10);
  const rise = (at: number) => (at < 300 ? 0 : Math.min(1, (at - 300) / 1200));
  const [first] = profile.functions;
  const objects = [
    { name: 'Particle', count: 50_000, bytes: 2.3 * MIB },
    { name: 'system / JSArrayBufferData', count: 1, bytes: 1.14 * MIB },
    { name: 'Array', count: 1, bytes: 0.38 * MIB },
    { name: '(string)', count: -3, bytes: -120 },
  ];
  return {
    ...profile,
    functions: [{ ...first!, memory: { ...first!.memory!, objects } }],
    memory: {
      ...profile.memory!,
      timelines: [
        {
          pid: 1,
          command: 'node particles.ts',
          startMillis: 0,
          millis,
          rss: millis.map((at) => (48 + 30 * rise(at) + Math.sin(at / 90)) * MIB),
          heapUsed: millis.map((at) => (at > 1800 ? null : (6 + 14 * rise(at) + ((at / 100) % 3)) * MIB)),
          external: millis.map((at) => (1 + 2 * rise(at)) * MIB),
          brackets: [
            { name: first!.name, fromMillis: 300, toMillis: 700 },
            { name: first!.name, fromMillis: 900, toMillis: 1500 },
            { name: 'another', fromMillis: 1600, toMillis: 1700 },
          ],
          spans: [
            { file: first!.file, line: first!.line + 1, fromMillis: 300, toMillis: 700 },
            { file: first!.file, line: first!.line + 2, fromMillis: 900, toMillis: 1010 },
            { file: first!.file, line: first!.line + 2, fromMillis: 1200, toMillis: 1500 },
          ],
          collections: [
            { millis: 650, kind: 'major' },
            { millis: 1510, kind: 'major' },
            { millis: 1520, kind: 'minor' },
          ],
        },
      ],
    },
  };
}
