import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import Mocha from 'mocha';

/** File that a run in the extension host writes its mocha report to, line by line. */
export const REPORT_ENV = 'LINEPROF_TEST_REPORT';

/**
 * Makes the `run()` that VS Code calls in its extension host: mocha with the tests that `define` describes.
 * The promise rejects when a test failed or none ran, in the desktop and in code-server alike.
 */
export function suite(title: string, define: () => void): () => Promise<void> {
  return () =>
    new Promise((resolve, reject) => {
      const report = process.env[REPORT_ENV];
      Mocha.reporters.Base.consoleLog = (...words: unknown[]) => {
        const text = words.length === 0 ? '' : formatted(words);
        if (report) appendFileSync(report, `${text}\n`);
        else console.log(text);
      };
      const mocha = new Mocha({
        ui: 'bdd',
        color: false,
        timeout: 240_000,
        bail: true,
        forbidPending: true,
        forbidOnly: true,
      });
      mocha.suite.emit('pre-require', globalThis, '', mocha);
      describe(title, define);
      // Told at once as well: a run that is cut off has no closing list.
      const runner = mocha.run((failures) =>
        failures > 0 ? reject(new Error(`${failures} failed`)) : resolve(),
      );
      runner.on('fail', (_test, error) => Mocha.reporters.Base.consoleLog(`      ${error.stack ?? error}`));
    });
}

/** As console.log would print them; mocha's reporters use %s and %d. */
function formatted(words: readonly unknown[]): string {
  const rest = words.slice(1);
  const first = String(words[0]).replace(/%[sdj%]/g, (mark) =>
    mark === '%%' ? '%' : String(rest.shift() ?? ''),
  );
  return [first, ...rest.map((word) => (typeof word === 'string' ? word : inspect(word)))].join(' ');
}
