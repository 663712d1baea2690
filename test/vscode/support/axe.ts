import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PanelPage } from './panel.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe-core finds wrong in the panel's page: rule, element and words for each. Its rules of WCAG 2 A and AA and
 * its good practice are asked, but the one that a page begins with a heading: the panel's title is the editor's.
 */
export async function violations(panel: PanelPage): Promise<readonly string[]> {
  await panel.evaluate(AXE);
  // The page has no background of its own: the editor's shines through, which axe cannot know.
  await panel.evaluate(`document.documentElement.style.background =
    'var(--vscode-panel-background, var(--vscode-editor-background))'`);
  return (await panel.evaluate(`axe
    .run(document, { resultTypes: ['violations'], rules: { 'page-has-heading-one': { enabled: false } } })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ': ' + html + '\\n' + failureSummary)))`)) as readonly string[];
}
