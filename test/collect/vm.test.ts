import assert from 'node:assert/strict';
import { join } from 'node:path';
import { host, makeFolder, runWay, writePrograms } from '../launch/support.ts';

const folder = makeFolder('vm');

describe('code compiled through vm', () => {
  it('is counted by its file name, in this and in other contexts', async () => {
    const text = '/** @profile */\nfunction work(n) {\n  return n;\n}\nfor (let i = 0; i < 10; i++) work(i);';
    writePrograms(folder, {
      'main.cjs': `const vm = require('node:vm'); const path = require('node:path'); const { pathToFileURL } = require('node:url');
        const text = ${JSON.stringify(text)}; const file = (name) => path.join(__dirname, name);
        vm.runInThisContext(text, file('a.js'));
        vm.runInThisContext(text, { filename: pathToFileURL(file('b.js')).href });
        new vm.Script(text, { filename: file('c.js') }).runInThisContext();
        vm.compileFunction(text, [], { filename: file('d.js') })();
        vm.runInNewContext(text, {}, { filename: file('e.js') });
        const context = vm.createContext({ console });
        new vm.Script(text, { filename: file('f.js') }).runInContext(context);
        vm.runInContext(text, context, file('g.js'));
        class Mine extends vm.Script {}
        const mine = new Mine(text, { filename: file('h.js') });
        mine.runInNewContext();
        if (!(mine instanceof vm.Script) || Object.keys(context).join() !== 'console,work') throw new Error('seen');
        vm.runInThisContext('1 + 1'); new vm.Script('2');`,
    });
    const { result, stderr } = await host(folder, runWay('main.cjs'), {
      purposes: ['single'],
      counters: { level: 'lines', target: { kind: 'selectors', selectors: [], cwd: folder } },
    });
    assert.equal(result.exitCode, 0, stderr);
    assert.deepEqual(result.processes[0]!.problems, []);
    assert.deepEqual(
      result.hits[0]!.scripts.map(({ path, functions }) => [
        path,
        functions.map(({ ranges }) => ranges.at(-1)![2]),
      ]).sort(),
      [...'abcdefgh'].map((name) => [join(folder, `${name}.js`), [10]]),
    );
  });

  it('is counted in the contexts of jest, which clears away what they hold: its proxy gets no value', async () => {
    const text = '/** @profile */\nfunction work(n) {\n  return n;\n}\nfor (let i = 0; i < 10; i++) work(i);';
    // As jest-environment-node 30 does it.
    writePrograms(folder, {
      'jest.cjs': `const vm = require('node:vm'); const path = require('node:path'); const kept = [];
        const register = (value) => { if (value !== null && typeof value === 'object') kept.push(value); return true; };
        const globals = Object.getOwnPropertyNames(globalThis).filter((name) => name !== 'globalThis');
        const context = vm.createContext(new Proxy({}, {
          set: (target, key, value) => Reflect.set(target, key, value) && register(value),
          defineProperty: (target, key, attributes) => Reflect.defineProperty(target, key, { ...attributes }) && register(attributes.value),
        }));
        const own = vm.runInContext('this', context);
        const seen = new Set(Object.getOwnPropertyNames(own));
        for (const name of globals) {
          if (seen.has(name) || name in own) continue;
          Object.defineProperty(own, name, { configurable: true, get() {
            const value = globalThis[name];
            Object.defineProperty(own, name, { configurable: true, writable: true, value });
            return value;
          } });
        }
        vm.runInContext(${JSON.stringify(text)}, context, path.join(__dirname, 'in-jest.js'));
        if (kept.some((value) => value.length > 1000)) throw new Error('jest would go through the counters');`,
    });
    const { result, stderr } = await host(folder, runWay('jest.cjs'), {
      purposes: ['single'],
      counters: { level: 'lines', target: { kind: 'selectors', selectors: [], cwd: folder } },
    });
    assert.equal(result.exitCode, 0, stderr);
    const scripts = result.hits[0]!.scripts.map(({ path, functions }) => [
      path,
      functions.map(({ ranges }) => ranges.at(-1)![2]),
    ]);
    assert.deepEqual(scripts, [[join(folder, 'in-jest.js'), [10]]]);
  });
});
