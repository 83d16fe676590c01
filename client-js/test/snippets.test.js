// What the documentation shows compiles as it is written there.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));

/** What the snippets use that is the reader's own. */
const SURROUNDINGS = `
declare const process: { env: Record<string, string | undefined> };
declare const userId: string;
declare const messages: object[];
declare const openai: { chat: { completions: { create(request: object): Promise<object> } } };
`;

function complaints(name, source) {
  const file = resolve(here, name);
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    noEmit: true,
    types: [],
    paths: { '@quotary/client': [resolve(here, '../dist/index.d.ts')], '@quotary/client/react': [resolve(here, '../dist/react.d.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists.call(host, path);
  host.getSourceFile = (path, ...rest) =>
    path === file ? ts.createSourceFile(path, source, rest[0]) : getSourceFile.call(host, path, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'));
}

test('snippets compile', async () => {
  const page = await readFile(resolve(here, '../../docs/typescript.md'), 'utf8');
  const snippets = [...page.matchAll(/```(tsx?)\n(.*?)```/gs)];
  assert.equal(snippets.length, 3);
  for (const [, kind, snippet] of snippets) {
    const source = kind === 'ts' ? SURROUNDINGS + snippet : snippet;
    assert.deepEqual(complaints(`snippet.${kind}`, `${source}\nexport {};\n`), [], snippet);
  }
});

test('a snippet that does not compile is complained of', () => {
  assert.notDeepEqual(complaints('wrong.ts', "import { Quotary } from '@quotary/client';\nnew Quotary({ url: 1 });\n"), []);
});
