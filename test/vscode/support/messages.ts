import * as vscode from 'vscode';

/** A message that the extension has shown. */
export interface Message {
  readonly kind: 'error' | 'warning' | 'information';
  readonly text: string;
  /** Titles of its buttons. */
  readonly buttons: readonly string[];
}

const METHODS = {
  error: 'showErrorMessage',
  warning: 'showWarningMessage',
  information: 'showInformationMessage',
} as const;

/**
 * Stands in for VS Code's messages while `run` works: keeps what is shown and presses the first button that
 * `press` names. The tests' bundle is in the extension's folder, so it has the same API object.
 */
export async function withMessages(
  run: () => Promise<unknown> | Thenable<unknown>,
  press: readonly string[] = [],
): Promise<Message[]> {
  const shown: Message[] = [];
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = Object.values(METHODS).map((method) => [method, window[method]] as const);
  for (const kind of ['error', 'warning', 'information'] as const) {
    window[METHODS[kind]] = async (text: string, ...rest: readonly unknown[]) => {
      const items = rest.filter((item) => typeof item === 'string' || (item as { title?: string }).title);
      const titleOf = (item: unknown) =>
        typeof item === 'string' ? item : (item as { title: string }).title;
      shown.push({ kind, text, buttons: items.map(titleOf) });
      return items.find((item) => press.includes(titleOf(item)));
    };
  }
  try {
    await run();
    // A button's effect follows its answer.
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    for (const [method, own] of before) window[method] = own;
  }
  return shown;
}

/** Stands in for some of VS Code's commands while `run` works, and keeps what they were called with. */
export async function withCommands(
  names: readonly string[],
  run: () => Promise<unknown>,
): Promise<(readonly unknown[])[]> {
  const called: (readonly unknown[])[] = [];
  const commands = vscode.commands as unknown as Record<string, (...args: unknown[]) => unknown>;
  const own = commands['executeCommand']!;
  commands['executeCommand'] = (...args) => {
    if (!names.includes(args[0] as string)) return own.apply(vscode.commands, args);
    called.push(args);
    return Promise.resolve();
  };
  try {
    await run();
  } finally {
    commands['executeCommand'] = own;
  }
  return called;
}
