import type { Profile } from '../model/profile.ts';
import { runFacts } from './facts.ts';
import { renderProfile } from './profile.ts';
import { cleanText } from './text.ts';

/** A whole profile as plain text, for who has nothing but the text: the facts of the run, then the tables and notes. */
export function profileText(profile: Profile): string {
  const facts = runFacts(profile.run).map(({ label, value }) => `${label}: ${cleanText(value)}`);
  const tables = renderProfile(profile, {
    unit: null,
    skipZero: false,
    byProcess: false,
    quiet: false,
    color: false,
    width: null,
  });
  return `${facts.join('\n')}\n\n${tables || 'No function of your own code was seen at work.\n'}`;
}
