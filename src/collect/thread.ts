import workerThreads from 'node:worker_threads';

/** Whether this thread is a worker, known without loading node:worker_threads (which a worker has loaded anyway). */
export const inWorker = (process.chdir as { disabled?: boolean }).disabled === true;

/** 0 for the main thread. */
export function threadNumber(): number {
  return inWorker ? workerThreads.threadId : 0;
}
