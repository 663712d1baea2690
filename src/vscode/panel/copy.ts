import * as vscode from 'vscode';
import type { Comparison } from '../../model/comparison.ts';
import type { Profile } from '../../model/profile.ts';
import type { CopyFormat } from '../../report/copy.ts';
import { loaded } from '../lazy.ts';
import { comparisonOf } from './content.ts';

/**
 * Puts a table on the clipboard in a form that the user picks (or that is given): the lines of one function of
 * the profile by its index, compared with another where there is a comparison, or (null) its functions.
 */
export async function copyTable(
  profile: Profile,
  fn: number | null,
  comparison: Comparison | null,
  given: unknown,
): Promise<void> {
  const forms = formats();
  const form =
    forms.find(({ format }) => format === given) ??
    (await vscode.window.showQuickPick(forms, { title: vscode.l10n.t('Copy the table as') }));
  if (form === undefined) return;
  const { copyComparison, copyText } = loaded();
  const shown = fn === null ? undefined : profile.functions[fn];
  const compared = shown && comparison && comparisonOf(comparison, shown);
  const text = compared ? copyComparison(compared.fn, form.format) : copyText(profile, fn, form.format);
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as {0}', form.label), 4000);
}

function formats(): readonly (vscode.QuickPickItem & { readonly format: CopyFormat })[] {
  return [
    {
      format: 'text',
      label: vscode.l10n.t('Text'),
      description: vscode.l10n.t('as the command line prints it'),
      iconPath: new vscode.ThemeIcon('output'),
    },
    {
      format: 'markdown',
      label: 'Markdown',
      description: vscode.l10n.t('for an issue or a pull request'),
      iconPath: new vscode.ThemeIcon('markdown'),
    },
    {
      format: 'csv',
      label: 'CSV',
      description: vscode.l10n.t('plain numbers for a spreadsheet'),
      iconPath: new vscode.ThemeIcon('table'),
    },
  ];
}
