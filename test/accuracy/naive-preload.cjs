// Runs a program under V8's CpuProfiler as node:inspector offers it, and leaves the profile in ACCURACY_NAIVE.
const { Session } = require('node:inspector');
const { writeFileSync } = require('node:fs');

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 100 });
session.post('Profiler.start');
process.on('exit', () => {
  session.post('Profiler.stop', (_error, { profile }) => {
    writeFileSync(process.env['ACCURACY_NAIVE'], JSON.stringify(profile));
  });
});
