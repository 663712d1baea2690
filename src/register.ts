/**
 * `lineprof/register`, loaded into every thread by `--import`, `--require` or NODE_OPTIONS: runs the marked
 * functions under V8's sampling profiler. It never makes the program fail.
 */
import { inWorker } from './collect/thread.ts';
import { PLAN_ENV } from './protocol/collector.ts';
import { registerHook } from './protocol/register.ts';
import { readOptions } from './register/options.ts';
import { HOOKS_ENV, startRegister } from './register/start.ts';
import { tell } from './register/tell.ts';

function begin(): void {
  const other = registerHook();
  if (other !== null) {
    tell(`register is loaded twice: ${other.file} stays in charge, ${__filename} does nothing.`);
  } else if (process.env[PLAN_ENV] !== undefined) {
    if (!inWorker) tell('register does nothing under lineprof run, which tells more.');
  } else startRegister(readOptions(process.env, process.cwd(), tell), __filename);
}

// The thread of loader hooks has no code of the program.
if (!(inWorker && process.env[HOOKS_ENV] !== undefined)) {
  try {
    begin();
  } catch (error) {
    tell(`register could not start, nothing is profiled: ${error instanceof Error ? error.message : error}`);
  }
}
