import * as vscode from 'vscode';
import type { LineCall } from '../model/profile.ts';
import type { Measure } from '../model/request.ts';
import { type Annotations, roots, SELECTOR, type ShownComparison } from './annotations.ts';
import { comparedLines } from './compare/annotate-comparison.ts';
import { comparedFunctionHover, comparisonHover } from './compare/comparison-hover.ts';
import { COMMANDS, LINKS } from './contributions.ts';
import { functionHover, hoverText } from './hover-text.ts';
import { memoryBeside } from './memory-beside.ts';
import { memoryFunctionHover, memoryHover, memoryWords } from './memory-hover.ts';
import { fileOnDisk } from './places.ts';
import type { Store } from './store.ts';

/** Shows a line's numbers when the mouse rests on the line or on its columns. */
export function registerHover(annotations: Annotations, store: Store): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SELECTOR, {
    provideHover: (document, position) => {
      const found = annotations.at(document, position.line);
      if (found === null) return null;
      const { run, measure, functions, compared } = found.shown;
      const { fn: index, index: lineIndex, kind, stale } = found.annotation;
      const fn = functions[index]!;
      const line = fn.lines[lineIndex]!;
      const place = { file: fn.file, name: fn.name, line: fn.line };
      const more = [
        [vscode.l10n.t('Show in the table'), commandLink(COMMANDS.showTable, [place])] as const,
        ...(vscode.workspace.isTrusted ? [memoryLink(document, position.line, measure)] : []),
      ];
      const memory = () => memoryBeside(run, fn, store.latest('memory'))?.[lineIndex] ?? null;
      const text =
        compared !== null
          ? comparedHover(compared, index, lineIndex, kind === 'header', stale)
          : measure === 'memory'
            ? kind === 'header'
              ? memoryFunctionHover(run, fn, more)
              : memoryHover(run, fn, line, stale, more)
            : kind === 'header'
              ? functionHover(run, fn, more)
              : hoverText(run, fn, line, stale, {
                  goTo: (call) => goToLink(run.cwd, call),
                  memory: memoryWords(memory()),
                  isSpoken: isScreenReaderOn(),
                  more,
                });
      const markdown = new vscode.MarkdownString(text);
      // Whatever a name in the profile looks like: only our own commands that show something, and one that runs
      // what the editor's own menu would, of a file that the user has on the screen.
      markdown.isTrusted = { enabledCommands: [LINKS.goTo, COMMANDS.showTable, LINKS.memoryOf] };
      return new vscode.Hover(markdown, document.lineAt(position.line).range);
    },
  });
}

/** Where the user says so: whether one was found by itself, the editor does not tell. */
function isScreenReaderOn(): boolean {
  return vscode.workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
}

function memoryLink(
  document: vscode.TextDocument,
  line: number,
  measure: Measure,
): readonly [string, string] {
  const words =
    measure === 'memory'
      ? vscode.l10n.t('Profile its memory again')
      : vscode.l10n.t('Profile memory of this function');
  return [words, commandLink(LINKS.memoryOf, [document.uri.fsPath, line + 1])];
}

function comparedHover(
  { comparison, functions }: ShownComparison,
  index: number,
  line: number,
  header: boolean,
  stale: boolean,
): string {
  const fn = functions[index]!;
  return header
    ? comparedFunctionHover(comparison, fn)
    : comparisonHover(comparison, fn, comparedLines(fn)[line]!, stale);
}

function goToLink(cwd: string, { file, line, column }: LineCall): string | null {
  const path = file === null ? null : fileOnDisk(cwd, file, roots());
  if (path === null) return null;
  return commandLink(LINKS.goTo, [path, line, column]);
}

function commandLink(command: string, args: readonly unknown[]): string {
  const encoded = encodeURIComponent(JSON.stringify(args));
  return `command:${command}?${encoded.replaceAll('(', '%28').replaceAll(')', '%29')}`;
}
