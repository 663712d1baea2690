import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folders that the panel's page may load from. */
export function panelFolders(extension: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, 'dist', 'webview'), vscode.Uri.joinPath(extension, 'media')];
}

/** The panel's page: one script of our own, styles and the icon font from the extension's folder, nothing else. */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64url');
  const file = (...path: string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, ...path)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.l10n.bundle === undefined ? 'en' : vscode.env.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${file('dist', 'webview', 'codicon.css')}">
<link rel="stylesheet" href="${file('media', 'panel.css')}">
<title>Line Profiler</title>
</head>
<body>
<main id="panel"></main>
<script type="application/json" id="words">${wordsOf(vscode.l10n.bundle)}</script>
<script nonce="${nonce}" type="module" src="${file('dist', 'webview', 'panel.js')}"></script>
</body>
</html>`;
}

/** Words of the user's language for the page, where there are any; as text, they end no element. */
function wordsOf(bundle: typeof vscode.l10n.bundle): string {
  return bundle === undefined ? '' : JSON.stringify(bundle).replaceAll('<', '\\u003c');
}
