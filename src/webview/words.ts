import * as l10n from '@vscode/l10n';

// The words of the user's language, which the extension puts into the page; loaded before all that has words.
const words = document.getElementById('words')?.textContent ?? '';
if (words !== '') l10n.config({ contents: JSON.parse(words) });
