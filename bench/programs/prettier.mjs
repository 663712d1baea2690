// Formats argv[2] TypeScript files below the folder argv[3], over and over when there are fewer; or the one file argv[3].
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';

const [, , count, folder] = process.argv;
const files = statSync(folder).isFile()
  ? ['']
  : readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort();
let length = 0;
for (let i = 0; i < Number(count); i++) {
  const text = readFileSync(join(folder, files[i % files.length]), 'utf8');
  length += (await format(text, { parser: 'typescript' })).length;
}
if (length === 0) throw new Error('nothing formatted');
