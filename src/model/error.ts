/** Why a profile could not be made. `usage` exits with 2, every other reason with 3. */
export type ProfileErrorReason =
  | 'usage'
  | 'no-such-function'
  | 'file-not-found'
  | 'syntax-error'
  | 'bad-expression'
  | 'node-not-found'
  | 'node-too-old'
  | 'not-node'
  | 'temp-folder'
  | 'launch-failed'
  | 'no-samples'
  | 'bad-result-file'
  | 'internal';

/** A failure told to the user in one line of why (`message`) and one line of what to do (`advice`). */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly reason: ProfileErrorReason;
  readonly advice: string;

  constructor(reason: ProfileErrorReason, message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.advice = advice;
  }
}

/** The command line's exit code for a failure: 2 for what the user typed, 3 for what could not be profiled. */
export function exitCodeOf(reason: ProfileErrorReason): 2 | 3 {
  return reason === 'usage' || reason === 'no-such-function' || reason === 'bad-expression' ? 2 : 3;
}
