/** The bundled transpiler: TypeScript's own `transpileModule`. A bundle of its own, loaded when a file needs it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** What `transpile` makes of a file: JavaScript with its source map inline, and whether it is an ES module. */
export interface Transpiled {
  readonly text: string;
  readonly isModule: boolean;
}

/** The module system the result is for; `auto`: ES modules if the file is written as one. */
export type ModuleKind = 'module' | 'commonjs' | 'auto';

const folders = new Map<string, ts.CompilerOptions>();

/**
 * TypeScript, TSX or JSX to JavaScript. Types are not checked; of the project's tsconfig.json only what changes
 * the code counts (decorators, JSX, class fields).
 * Of what is neither, TypeScript would guess what was meant: here the result throws a SyntaxError.
 */
export function transpile(text: string, path: string, kind: ModuleKind): Transpiled {
  const isModule = kind === 'module' || (kind === 'auto' && looksLikeModule(text, path));
  const options = optionsFor(dirname(path));
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      ...options,
      jsx: runnableJsx(options),
      target: ts.ScriptTarget.ES2022,
      module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      moduleDetection: isModule ? ts.ModuleDetectionKind.Force : ts.ModuleDetectionKind.Legacy,
      esModuleInterop: true,
      inlineSourceMap: true,
      inlineSources: true,
      // The text comes from memory: its name alone must lead back to it.
      sourceRoot: '',
    },
  });
  const error = diagnostics.find(({ category, code }) => isSyntaxError(category, code));
  return { text: error === undefined ? outputText : throwing(error, path), isModule };
}

/** TypeScript numbers the errors of its parser from 1000 on (JSX: 17000), those of its checker from 2000 on. */
function isSyntaxError(category: ts.DiagnosticCategory, code: number): boolean {
  return category === ts.DiagnosticCategory.Error && (code < 2000 || (code >= 17000 && code < 18000));
}

/** A text that throws on the line of the error. Thrown here, Node would print a line of this bundle, which is long. */
function throwing({ file, start, messageText }: ts.Diagnostic, path: string): string {
  const at =
    file && start !== undefined ? file.getLineAndCharacterOfPosition(start) : { line: 0, character: 0 };
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  const place = `${path}:${at.line + 1}:${at.character + 1}`;
  return `${'\n'.repeat(at.line)}throw new SyntaxError(${JSON.stringify(`${message} (${place})`)});`;
}

/** JSX that the project leaves as it is cannot run. */
function runnableJsx({ jsx, jsxFactory }: ts.CompilerOptions): ts.JsxEmit {
  if (jsx !== undefined && jsx !== ts.JsxEmit.Preserve && jsx !== ts.JsxEmit.ReactNative) return jsx;
  return jsxFactory === undefined ? ts.JsxEmit.ReactJSX : ts.JsxEmit.React;
}

/** Written as an ES module, once the types are gone: as Node decides of a file that it has stripped. */
function looksLikeModule(text: string, path: string): boolean {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false);
  return file.statements.some(isModuleStatement) || hasModuleExpression(file);
}

function isModuleStatement(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement))
    return statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(statement)) return !statement.isTypeOnly;
  if (ts.isExportAssignment(statement)) return !statement.isExportEquals;
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return false;
  const modifiers = (ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined) ?? [];
  const has = (kind: ts.SyntaxKind): boolean => modifiers.some((modifier) => modifier.kind === kind);
  return has(ts.SyntaxKind.ExportKeyword) && !has(ts.SyntaxKind.DeclareKeyword);
}

/** A top-level await, or `import.meta` anywhere. */
function hasModuleExpression(node: ts.Node, inFunction = false): boolean {
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return true;
  const within = inFunction || ts.isFunctionLike(node) || ts.isPropertyDeclaration(node);
  const awaits =
    !within &&
    (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined));
  return (
    awaits || (ts.forEachChild(node, (child) => hasModuleExpression(child, within) || undefined) ?? false)
  );
}

/**
 * The absolute path of the file that an import which is no relative one means by `paths` or `baseUrl` of the
 * project's tsconfig.json, or null.
 */
export function pathOf(specifier: string, importer: string): string | null {
  const options = optionsFor(dirname(importer));
  if (options.paths === undefined && options.baseUrl === undefined) return null;
  const { resolvedModule } = ts.resolveModuleName(
    specifier,
    importer,
    { ...options, moduleResolution: ts.ModuleResolutionKind.Bundler, allowJs: true },
    ts.sys,
  );
  if (resolvedModule === undefined || resolvedModule.isExternalLibraryImport) return null;
  const { resolvedFileName } = resolvedModule;
  return /\.d\.[mc]?ts$/.test(resolvedFileName) ? null : resolve(resolvedFileName);
}

/** The options of the nearest tsconfig.json that change what the code does. */
function optionsFor(folder: string): ts.CompilerOptions {
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const config = join(folder, 'tsconfig.json');
  const parent = dirname(folder);
  let options: ts.CompilerOptions = {};
  if (existsSync(config)) options = readOptions(config);
  else if (parent !== folder) options = optionsFor(parent);
  folders.set(folder, options);
  return options;
}

const KEPT_OPTIONS = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
  'preserveConstEnums',
  'baseUrl',
  'paths',
  // Where `paths` start from without a `baseUrl`.
  'pathsBasePath',
] as const;

function readOptions(config: string): ts.CompilerOptions {
  const { config: raw } = ts.readConfigFile(config, (path) => readFileSync(path, 'utf8')) as {
    config?: unknown;
  };
  // Without its file list: only the options (those of `extends` included) are of interest.
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(raw ?? {}, host, dirname(config));
  return Object.fromEntries(
    KEPT_OPTIONS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  );
}
