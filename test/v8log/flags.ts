/** The flags under which V8 writes the log that `v8log/` reads, to one file for the main isolate. */
export function v8Flags(logFile: string, intervalMicros: number): string[] {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    '--prof',
    `--logfile=${logFile}`,
    '--no-logfile-per-isolate',
    '--log-source-position',
    '--detailed-line-info',
    `--prof-sampling-interval=${intervalMicros}`,
    '--no-sparkplug',
    // Node 20's V8 has no Maglev and stops at flags it does not know.
    ...(major >= 22 ? ['--no-maglev-loop-peeling'] : []),
  ];
}
