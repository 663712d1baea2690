import * as vscode from 'vscode';
import type { ProfileError } from '../model/error.ts';

/** Tells a failure in words: why, and what to do. */
export function tell(error: unknown): void {
  vscode.window.showErrorMessage(`Lineprof: ${wordsOf(error)}`);
}

/** One or two sentences about a failure. */
export function wordsOf(error: unknown): string {
  if (isProfileError(error)) return `${sentence(error.message)} ${error.advice}`;
  return error instanceof Error ? error.message : String(error);
}

/** By name: the engine's bundle has a class of its own. */
function isProfileError(error: unknown): error is ProfileError {
  return error instanceof Error && error.name === 'ProfileError' && 'advice' in error;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
