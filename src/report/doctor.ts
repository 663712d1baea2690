import type { Diagnosis } from '../model/doctor.ts';
import { makePaint } from './paint.ts';
import { cleanText } from './text.ts';

/** What works with a Node, as text: a line each, and what to do where something does not. */
export function renderDiagnosis({ execPath, version, v8, findings }: Diagnosis, color: boolean): string {
  const paint = makePaint(color);
  const lines = [paint.title(`Node ${version} (V8 ${v8})  ${cleanText(execPath)}`)];
  let topic = '';
  for (const finding of findings) {
    if (finding.topic !== topic) lines.push('', finding.topic);
    topic = finding.topic;
    const mark = finding.works ? 'works' : paint.warn('no   ');
    lines.push(`  ${mark}  ${finding.name}: ${cleanText(finding.detail)}`);
    if (finding.advice !== null) lines.push(`         ${cleanText(finding.advice)}`);
  }
  return `${lines.join('\n')}\n`;
}
