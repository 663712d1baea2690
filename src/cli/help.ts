/** Text after commander's own help. Each example works as it stands, with files of the user's. */
export const PROGRAM_HELP = `
Examples:
  lineprof run src/server.ts --port 3000            as "node src/server.ts --port 3000", then the tables
  lineprof run -f 'Parser.*' build.ts               the lines of every method of Parser
  lineprof call src/sort.ts 'quickSort(numbers())'  a function, exported or not, until there is enough to trust
  lineprof exec -f render -- npm test               whatever Node runs below a command

Which functions: those of -f, else those marked /** @profile */ (or @profile, profile(fn)), else the hottest five.
Exit code: the program's own; 2 for a mistake on the command line; 3 when it could not be profiled.
`;

export const RUN_HELP = `
Everything after the script belongs to it.

Examples:
  lineprof run script.ts
  lineprof run -f simulator.ts:ParticleSimulator.evolve -z script.ts --size 1000
  lineprof run --single-run migrate.ts              once only: hits are counted while timing
  lineprof run --timeout 10 --json result.json server.ts
`;

export const CALL_HELP = `
The expression sees what the module's own code sees: imports, variables, functions exported or not. What it
returns is awaited. It is repeated until there are 2,000 samples or 3 seconds have passed.

Examples:
  lineprof call examples/particles/benchmark.ts 'benchmark()' -f ParticleSimulator.evolve
  lineprof call src/parse.ts 'parse(await readFile("big.json", "utf8"))' --once
  lineprof call src/sort.ts 'quickSort(numbers(1000))' --repeat 500
`;

export const EXEC_HELP = `
Examples:
  lineprof exec -- npm test
  lineprof exec -f 'src/render.ts:*' -- npx vitest run render
  lineprof exec --by-process -- node cluster.js
`;

export const MEMORY_HELP = `
For each line: Mem usage, the live bytes after it; Increment, their change across it; Allocated, all that was
allocated while it ran, callees included; Occurrences. In MiB of 1,048,576 bytes; buffers and typed arrays count.
Where arrays or maps fill V8's pages the program runs once more, to count them exactly, unless --single-run.

Examples:
  lineprof memory call src/load.ts 'load("big.json")'
  lineprof memory run -f Parser.parse build.ts
  lineprof memory exec -f render -- npm test
`;

export const VIEW_HELP = `
Examples:
  lineprof view result.json -u ms
  lineprof view shard-*.json --json all.json        several runs as one
  lineprof view CPU.20261123.cpuprofile             of node --cpu-prof, VS Code or Chrome: self time by line
`;
