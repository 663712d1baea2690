import type { FunctionProfile, LineCall, Profile } from '../model/profile.ts';
import { ENOUGH_SAMPLES } from './notes.ts';
import { percentage } from './numbers.ts';
import { cleanText } from './text.ts';

/** A callee is worth a look from this share of the shown function's time on, in percent. */
const WORTH_A_LOOK = 10;

/**
 * One line on what to try next: the hottest own function that a shown line calls and that is not shown yet,
 * else how to keep the result. Null when there is nothing to go by.
 */
export function nextStep(profile: Profile, saved: boolean): string | null {
  const seen = profile.functions.filter(({ samples }) => samples >= ENOUGH_SAMPLES);
  if (seen.length === 0) return null;
  const callee = seen.flatMap((fn) => unseenCallees(profile, fn)).sort((a, b) => b.share - a.share)[0];
  if (callee !== undefined && callee.share >= WORTH_A_LOOK) {
    const { call, from, share } = callee;
    const selector = cleanText(`${call.file}:${call.name}`);
    return `Next: ${cleanText(call.name)} is ${percentage(share)} % of ${cleanText(from)}; add -f '${selector}' to see its lines.`;
  }
  return saved
    ? null
    : 'Next: add --json result.json to keep this, and print it again (or merge several) with lineprof view.';
}

interface Callee {
  readonly call: LineCall;
  readonly from: string;
  /** Of the calling function's samples, in percent. */
  readonly share: number;
}

function unseenCallees({ functions }: Profile, fn: FunctionProfile): Callee[] {
  const shown = (call: LineCall) =>
    functions.some(
      ({ file, line, endLine }) =>
        file === call.file && call.line !== null && line <= call.line && call.line <= endLine,
    );
  const own = ({ file, name }: LineCall) =>
    file !== null &&
    /[\\/.]/.test(file) &&
    !/(^|[\\/])node_modules[\\/]|^node:/.test(file) &&
    !name.includes('<');
  return fn.lines.flatMap((line) =>
    line.calls
      .filter((call) => own(call) && !shown(call))
      .map((call) => ({ call, from: fn.name, share: (call.samples / fn.samples) * 100 })),
  );
}
