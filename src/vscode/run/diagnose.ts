import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Diagnosis } from '../../model/doctor.ts';
import { ProfileError } from '../../model/error.ts';
import { ENGINE_PROTOCOL_VERSION, type FromEngine, type ToEngine } from '../../protocol/engine.ts';
import { ended } from './client.ts';

/**
 * Tries what works with a Node, in a process of its own (engine-process.ts) from the folder `dist` of bundles.
 * @param node path of the Node; null: the one on PATH
 * @throws ProfileError as the engine does, and when that process ends before it answers
 */
export function diagnoseInProcess(
  dist: string,
  where: Omit<Extract<ToEngine, { kind: 'doctor' }>, 'kind' | 'version'>,
): Promise<Diagnosis> {
  const child = fork(join(dist, 'engine-process.cjs'), [], {
    cwd: where.cwd,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise<Diagnosis>((resolve, reject) => {
    child.on('message', (message: FromEngine) => {
      if (message.kind === 'diagnosed') resolve(message.diagnosis);
      if (message.kind === 'failed') {
        reject(new ProfileError(message.reason, message.message, message.advice));
      }
    });
    child.once('error', (error) => reject(ended(error.message)));
    child.once('close', (code, signal) => reject(ended(`it ended with ${signal ?? `code ${code}`}`)));
    const ask: ToEngine = { kind: 'doctor', version: ENGINE_PROTOCOL_VERSION, ...where };
    child.send(ask);
  });
}
