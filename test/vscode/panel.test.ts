import assert from 'node:assert/strict';
import { PANEL_COMMANDS, PANEL_PROTOCOL_VERSION, readFromPanel } from '../../src/protocol/panel.ts';
import { COMMANDS } from '../../src/vscode/contributions.ts';

describe('what the panel’s page says', () => {
  it('is understood when it fits', () => {
    for (const message of [
      { kind: 'ready', version: PANEL_PROTOCOL_VERSION, follow: true },
      { kind: 'follow', follow: false },
      { kind: 'select', fn: 0 },
      { kind: 'goToLine', line: 3, focus: true },
      { kind: 'goToFunction', fn: 12, focus: false },
      { kind: 'copy', what: 'lines' },
      ...PANEL_COMMANDS.map((command) => ({ kind: 'command', command })),
    ]) {
      assert.deepEqual(readFromPanel(message), message);
    }
  });

  it('is nothing when it does not', () => {
    for (const value of [
      ...[null, undefined, 'ready', 3, [], {}],
      { kind: 'ready', version: PANEL_PROTOCOL_VERSION + 1, follow: true },
      { kind: 'ready', version: PANEL_PROTOCOL_VERSION },
      { kind: 'select', fn: -1 },
      { kind: 'select', fn: '0' },
      { kind: 'goToLine', line: 1.5, focus: true },
      { kind: 'goToFunction', fn: 0 },
      { kind: 'copy', what: '/etc/passwd' },
      { kind: 'command', command: 'workbench.action.reloadWindow' },
      { kind: 'command', command: 'settings' },
      { kind: '__proto__' },
    ]) {
      assert.equal(readFromPanel(value), null, JSON.stringify(value));
    }
  });

  it('starts nothing but commands of the extension', () => {
    for (const command of PANEL_COMMANDS) assert.ok(command === 'anotherWay' || command in COMMANDS, command);
  });
});
