import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import ts from 'typescript';
import { profile } from '../../src/index.ts';

describe('profile, as user code imports it', () => {
  it('gives back the function or class it wraps', () => {
    const f = (n: number): string => String(n);
    const wrapped: (n: number) => string = profile(f);
    assert.equal(wrapped, f);
    class A {}
    assert.equal(profile(A), A);
  });

  it('is a standard decorator that changes nothing', () => {
    const method = function method(this: unknown): number {
      return 1;
    };
    assert.equal(
      profile(method, { kind: 'method', name: 'method' } as unknown as ClassMethodDecoratorContext),
      method,
    );
    const context = { kind: 'field', name: 'x' } as unknown as ClassFieldDecoratorContext;
    assert.equal(profile(undefined, context), undefined);
  });

  it('is a legacy decorator that changes nothing', () => {
    class A {
      static s(): void {}
      m(): void {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(A.prototype, 'm');
    assert.equal(profile(A.prototype, 'm', descriptor), undefined);
    // Of a static method the target is the class itself.
    assert.equal(profile(A, 's', Object.getOwnPropertyDescriptor(A, 's')), undefined);
  });

  for (const experimentalDecorators of [false, true]) {
    it(`its types fit user code with ${experimentalDecorators ? 'legacy' : 'standard'} decorators`, function () {
      this.timeout(60_000);
      const user = `import { profile } from ${JSON.stringify(resolve(import.meta.dirname, '../../src/index.d.ts').replace(/\.d\.ts$/, '.js'))};
        const add: (a: number, b: number) => number = profile((a: number, b: number) => a + b);
        const generic: <T>(x: T) => T = profile(function same<T>(x: T): T { return x; });
        @profile class A { constructor(readonly n: number) {}
          @profile method(x: string): number { return x.length + this.n; }
          @profile static make(): A { return new A(1); }
          @profile get size(): number { return 1; } set size(n: number) {} }
        @profile abstract class B { @profile async later(): Promise<void> {} }
        const n: number = new A(2).method('x') + add(1, 2) + generic(3) + A.make().size;
        // @ts-expect-error a number is no function
        profile(5);
        export { B, n };`;
      const name = resolve(import.meta.dirname, 'user-code.ts');
      const options: ts.CompilerOptions = {
        strict: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        types: [],
        experimentalDecorators,
      };
      const compilerHost = ts.createCompilerHost(options);
      const { getSourceFile, fileExists } = compilerHost;
      compilerHost.getSourceFile = (path, ...rest) =>
        path === name
          ? ts.createSourceFile(path, user, ts.ScriptTarget.ES2022)
          : getSourceFile(path, ...rest);
      // The published types, not the source beside them.
      compilerHost.fileExists = (path) => !/src[\\/]index\.tsx?$/.test(path) && fileExists(path);
      const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([name], options, compilerHost));
      assert.deepEqual(
        diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
        [],
      );
    });
  }
});
