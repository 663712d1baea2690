import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { COLUMN_IDS } from '../../src/report/columns.ts';
import { COMMANDS, CONTEXT, DEFAULTS, readSettings, VIEWS } from '../../src/vscode/contributions.ts';

const root = resolve(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;

describe('package.json and the code', () => {
  it('contribute the same commands', () => {
    const ids = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual([...ids].sort(), Object.values(COMMANDS).sort());
    const menus: { command: string }[] = Object.values(contributes.menus).flat() as { command: string }[];
    for (const { command } of [...menus, ...contributes.keybindings]) {
      assert.ok(ids.includes(command), `${command} is in a menu or has a key, and does not exist`);
    }
    for (const { category } of contributes.commands) assert.equal(category, 'Lineprof');
  });

  it('know the same settings with the same defaults', () => {
    const properties: Record<string, { default: unknown; items?: { enum: unknown } }> =
      contributes.configuration.properties;
    assert.deepEqual(
      Object.keys(properties).sort(),
      Object.keys(DEFAULTS)
        .map((key) => `lineprof.${key}`)
        .sort(),
    );
    for (const [key, value] of Object.entries(DEFAULTS)) {
      assert.deepEqual(properties[`lineprof.${key}`]!.default, value, key);
    }
    assert.deepEqual(properties['lineprof.columns']!.items!.enum, COLUMN_IDS);
  });

  it('contribute the same views, each in a container that is there', () => {
    const views = Object.values(contributes.views).flat() as { id: string; icon: string }[];
    assert.deepEqual(views.map(({ id }) => id).sort(), Object.values(VIEWS).sort());
    const containers = Object.values(contributes.viewsContainers).flat() as { id: string; icon: string }[];
    assert.deepEqual(Object.keys(contributes.views).sort(), containers.map(({ id }) => id).sort());
    for (const { icon } of [...views, ...containers]) assert.ok(existsSync(join(root, icon)), icon);
  });

  it('use only context keys that the code sets', () => {
    const clauses = JSON.stringify(contributes).match(/lineprof\.[A-Za-z]+(?=[^"]*")/g) ?? [];
    assert.ok(clauses.length > 0);
    const whens = [...Object.values(contributes.menus).flat(), ...contributes.keybindings] as {
      when?: string;
    }[];
    for (const { when = '' } of whens) {
      for (const [key] of when.matchAll(/lineprof\.\w+/g)) {
        const known: readonly string[] = [...Object.values(CONTEXT), ...Object.values(VIEWS)];
        assert.ok(known.includes(key) || key in contributes.configuration.properties, key);
      }
    }
  });

  it('describe every setting, color and command', () => {
    for (const [key, value] of Object.entries<Record<string, string>>(contributes.configuration.properties)) {
      assert.ok(value['description'] ?? value['markdownDescription'], key);
    }
    for (const { id, description } of contributes.colors) assert.ok(description, id);
  });

  it('fall back to the default for a setting that does not fit', () => {
    assert.deepEqual(
      readSettings(() => undefined),
      DEFAULTS,
    );
    assert.deepEqual(
      readSettings(() => [1]),
      DEFAULTS,
    );
    assert.deepEqual(readSettings((key) => (key === 'columns' ? ['percent', 'x', 'hits'] : false)).columns, [
      'percent',
      'hits',
    ]);
  });

  it('give VS Code the extension and Node the library', async () => {
    assert.equal(manifest.main, './dist/extension.cjs');
    // A package may import itself by name: what its users get.
    const { profile } = await import(manifest.name);
    assert.equal(typeof profile, 'function');
    assert.equal(createRequire(import.meta.url)(manifest.name).profile(Math.abs), Math.abs);
  });

  it('name files that exist after a build', () => {
    for (const file of [manifest.main, manifest.exports['.'].import, manifest.exports['.'].require]) {
      assert.ok(existsSync(join(root, file)), file);
    }
  });
});

describe('the colors', () => {
  const backgrounds = {
    dark: '#1F1F1F',
    light: '#FFFFFF',
    highContrast: '#000000',
    highContrastLight: '#FFFFFF',
  };
  for (const [theme, background] of Object.entries(backgrounds)) {
    it(`are readable in ${theme}: 4.5 to 1 for text, 3 to 1 for marks`, () => {
      for (const { id, defaults } of contributes.colors) {
        const ratio = contrast(defaults[theme], background);
        const least = /heat\d/.test(id) ? 3 : 4.5;
        assert.ok(ratio >= least, `${id} ${defaults[theme]} on ${background}: ${ratio.toFixed(2)}`);
      }
    });
  }
});

/** Contrast ratio of WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
