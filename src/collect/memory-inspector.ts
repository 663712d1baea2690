import { Session } from 'node:inspector';

/** V8's inspector on this thread, asked from it. */
export interface Inspector {
  /** The answer to a command of the DevTools protocol; null for an error. */
  ask<T>(method: string, params?: object): T | null;
  close(): void;
}

/** Null where V8's inspector is not there. */
export function openInspector(): Inspector | null {
  try {
    const session = new Session();
    session.connect();
    return {
      ask<T>(method: string, params: object = {}) {
        // In the session's own thread answers come before `post` returns.
        let answer: T | null = null;
        session.post(method, params, (error, result) => {
          if (error === null) answer = result as T;
        });
        return answer;
      },
      close: () => session.disconnect(),
    };
  } catch {
    return null;
  }
}
