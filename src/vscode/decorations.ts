import * as vscode from 'vscode';
import { type Annotated, type Annotation, columnsText, type LineNote } from './annotate.ts';
import { windowOf } from './window.ts';

/** Length of the heat bar of a line that takes all of its function's time, in characters. */
const BAR = 6;
/** Lengths that a bar can have: each one is a style rule of its own in the editor. */
const BAR_STEPS = 48;
/** Room between the columns, the bar and the code, in characters. */
const GAP = 1;
/** From this heat on, a line has bright numbers. */
const HOT = 3;
/** From this heat on, a line has an icon in the margin. */
const ICON = 2;

const BEHAVIOR = vscode.DecorationRangeBehavior.ClosedOpen;

/** What stands before and after the lines of a text. */
export interface Drawable extends Annotated {
  readonly notes: readonly LineNote[];
}

/** Draws annotations into editors with a fixed handful of decoration types, shared by all lines. */
export interface Decorator {
  draw(editor: vscode.TextEditor, annotated: Drawable, heatBar: boolean): void;
  /** Draws the numbers of the lines that came into view since, where not all are drawn at once. */
  scrolled(editor: vscode.TextEditor, annotated: Drawable, heatBar: boolean): void;
  clear(editor: vscode.TextEditor): void;
  dispose(): void;
}

/**
 * Makes the decoration types. Every different text or bar is a style rule in the editor, and thousands of them
 * are slow: of long functions only the lines in and around the view have their numbers, the others room for
 * them, so that nothing moves when they come.
 */
export function createDecorator(media: vscode.Uri): Decorator {
  const { columns, bar } = attachmentsInOrder();
  const marks = [1, 2, 3, 4, 5].map((heat) => markType(heat, media));
  const note = noteType();
  const types = [columns, bar, note, ...marks];
  const spacers = new Map<number, vscode.TextEditorDecorationType>();
  const drawn = new WeakMap<vscode.TextEditor, readonly [number, number]>();

  const drawWindow = (
    editor: vscode.TextEditor,
    annotated: Drawable,
    heatBar: boolean,
    [from, to]: readonly [number, number],
  ) => {
    drawn.set(editor, [from, to]);
    const texts: vscode.DecorationOptions[] = [];
    const bars: vscode.DecorationOptions[] = [];
    // Plain ranges, which the editor takes by the thousand.
    const marked: vscode.Range[][] = marks.map(() => []);
    const room = annotated.between.map((line) => new vscode.Range(line - 1, 0, line - 1, 0));
    const extra = heatBar ? BAR + GAP : 0;
    for (const annotation of annotated.annotations) {
      const { line, heat } = annotation;
      const range = new vscode.Range(line - 1, 0, line - 1, 0);
      if (heat > 0) marked[heat - 1]!.push(range);
      if (line < from || line > to) {
        room.push(range);
        continue;
      }
      const steps = heatBar ? barOf(annotation) : 0;
      if (steps > 0) bars.push({ range, renderOptions: barOptions(steps, heat) });
      const text = columnsText(annotated, annotation);
      texts.push({
        range,
        renderOptions: textOptions(annotation, text, annotated.width + (steps ? 0 : extra)),
      });
    }
    editor.setDecorations(columns, texts);
    editor.setDecorations(note, annotated.notes.map(noteOptions));
    editor.setDecorations(bar, bars);
    marks.forEach((type, index) => {
      editor.setDecorations(type, marked[index]!);
    });
    const width = annotated.width + extra;
    for (const [other, type] of spacers) if (other !== width) editor.setDecorations(type, []);
    if (room.length > 0 || spacers.has(width)) editor.setDecorations(spacerOf(width), room);
  };
  const spacerOf = (width: number) => {
    const known = spacers.get(width) ?? spacerType(width);
    spacers.set(width, known);
    return known;
  };
  return {
    draw: (editor, annotated, heatBar) => {
      drawWindow(editor, annotated, heatBar, windowOf(viewOf(editor), annotated, null)!);
    },
    scrolled: (editor, annotated, heatBar) => {
      const next = windowOf(viewOf(editor), annotated, drawn.get(editor) ?? null);
      if (next !== null) drawWindow(editor, annotated, heatBar, next);
    },
    clear: (editor) => {
      for (const type of [...types, ...spacers.values()]) editor.setDecorations(type, []);
    },
    dispose: () => {
      for (const type of [...types, ...spacers.values()]) type.dispose();
    },
  };
}

/** First and last line in view, 1-based. */
function viewOf({ visibleRanges }: vscode.TextEditor): readonly [number, number] {
  const lines = visibleRanges.flatMap(({ start, end }) => [start.line + 1, end.line + 1]);
  return lines.length === 0 ? [1, 1] : [Math.min(...lines), Math.max(...lines)];
}

/**
 * Two attachments before one column stand in the order of their types' keys, and keys are numbered texts:
 * 10 comes before 9. The numbers must come before the bars, so types are made again when they did not.
 */
function attachmentsInOrder() {
  for (;;) {
    const columns = columnsType();
    const bar = vscode.window.createTextEditorDecorationType({ rangeBehavior: BEHAVIOR });
    if (`${columns.key}-` < `${bar.key}-`) return { columns, bar };
    columns.dispose();
    bar.dispose();
  }
}

/** The type of the numbers themselves. */
function columnsType(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: BEHAVIOR,
    before: {
      color: new vscode.ThemeColor('lineprof.columnForeground'),
      fontStyle: 'normal',
      fontWeight: 'normal',
    },
  });
}

/** The type of what stands after a line. */
function noteType(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 3ch', fontStyle: 'normal', fontWeight: 'normal' },
  });
}

function noteOptions({ line, text, color }: LineNote): vscode.DecorationOptions {
  return {
    // To the end of the line, however long it is.
    range: new vscode.Range(line - 1, Number.MAX_SAFE_INTEGER, line - 1, Number.MAX_SAFE_INTEGER),
    renderOptions: {
      after: { contentText: text, color: new vscode.ThemeColor(`lineprof.${color}`) },
    },
  };
}

/** The type of lines out of view, and of those put between: as wide as the columns and the bar. */
function spacerType(width: number): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: BEHAVIOR,
    before: { contentText: '\u00a0', width: `${width}ch` },
  });
}

/** The type of a heat's margin icon and overview mark. */
function markType(heat: number, media: vscode.Uri): vscode.TextEditorDecorationType {
  const color = new vscode.ThemeColor(`lineprof.heat${heat}`);
  const icon = (theme: string) => vscode.Uri.joinPath(media, `heat-${heat}-${theme}.svg`);
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: BEHAVIOR,
    overviewRulerColor: color,
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    ...(heat >= ICON
      ? {
          gutterIconSize: 'contain',
          dark: { gutterIconPath: icon('dark') },
          light: { gutterIconPath: icon('light') },
        }
      : {}),
  });
}

/** The bar's length in steps; something that took time always has a bar. */
function barOf({ share, heat }: Annotation): number {
  return heat === 0 ? 0 : Math.max(1, Math.round((share / 100) * BAR_STEPS));
}

function barOptions(steps: number, heat: number): vscode.ThemableDecorationInstanceRenderOptions {
  const length = (steps / BAR_STEPS) * BAR;
  return {
    before: {
      contentText: '\u00a0',
      backgroundColor: new vscode.ThemeColor(`lineprof.heat${heat}`),
      width: `${length}ch`,
      margin: `0 ${BAR + GAP - length}ch 0 0`,
    },
  };
}

function textOptions(
  annotation: Annotation,
  text: string,
  width: number,
): vscode.ThemableDecorationInstanceRenderOptions {
  const color = colorOf(annotation);
  return {
    before: {
      // Ordinary spaces would collapse.
      contentText: text.replaceAll(' ', '\u00a0'),
      width: `${width}ch`,
      ...(color ? { color: new vscode.ThemeColor(`lineprof.${color}`) } : {}),
      ...(annotation.stale ? { fontStyle: 'italic' } : {}),
      ...(annotation.heat === 5 && !annotation.stale ? { fontWeight: 'bold' } : {}),
    },
  };
}

/** Null: the color of the type. */
function colorOf({ kind, heat, stale }: Annotation): string | null {
  if (kind === 'header') return 'headerForeground';
  if (stale) return 'staleForeground';
  if (kind === 'never') return 'neverForeground';
  if (kind === 'less') return 'fasterForeground';
  if (kind === 'more') return 'slowerForeground';
  if (kind === 'noise') return 'staleForeground';
  return heat >= HOT ? 'hotForeground' : null;
}
