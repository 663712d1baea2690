// The example that the README begins with, argv[2] times.
import { benchmark } from '../../examples/particles/benchmark.ts';

for (let i = 0; i < Number(process.argv[2]); i++) benchmark();
