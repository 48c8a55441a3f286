import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSandbox } from '@breakwater/runner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../test/run-cli.ts';

/** Copies a length-prefixed name into a block of eight bytes, whatever the length says. */
const source = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int parse(const unsigned char *data, size_t size)
{
    if (size == 0 || data[0] > size - 1) return -1;
    char *name = malloc(8);
    memcpy(name, data + 1, data[0]);
    int first = data[0] == 0 ? 0 : name[0];
    free(name);
    return first;
}
int main(int argc, char **argv)
{
    static unsigned char data[4096];
    FILE *file = fopen(argv[1], "rb");
    size_t size = fread(data, 1, sizeof data, file);
    printf("first %d\\n", parse(data, size));
    return 0;
}
`;
const guard = (line: string) => `--- a/parser.c
+++ b/parser.c
@@ -6,2 +6,3 @@
     if (size == 0 || data[0] > size - 1) return -1;
+    ${line}
     char *name = malloc(8);
`;
const fix = guard('if (data[0] > 8) return -1;');

const missing = ['/usr/bin/bwrap', '/usr/bin/gcc', '/usr/bin/patch'].filter((p) => !existsSync(p));
const sandbox = missing.length === 0 ? await openSandbox({ slots: 1 }) : null;
const tier = sandbox?.capabilities.tier ?? 'refuse';
await sandbox?.close();

const runTests = `set -e
gcc parser.c -o /tmp/parser
printf '\\002ab' > /tmp/named
/tmp/parser /tmp/named | grep -q 'first 97'
echo PASS named
`;

function recipeOf(sha256: string) {
  const unpack = [{ source: 'parser' }];
  return {
    recipe: 1,
    title: 'parser 1.0',
    package: 'pkg:generic/parser',
    sources: { parser: { kind: 'tarball', url: 'https://parser.invalid/p.tar', sha256 } },
    tools: ['gcc'],
    builds: {
      vulnerable: { version: '1.0', unpack },
      control: { version: '1.1', unpack, patches: [{ file: 'fix.patch' }] },
    },
    script: ['gcc -g -O0 -fsanitize=address parser.c -o "$OUT/parser"'],
    programs: ['parser'],
    run: { argv: ['/build/parser', '@@'] },
    success: [{ kind: 'sanitizer' }],
    benign: { file: 'benign', contains: 'first 97' },
    tests: { script: ['sh tests/run.sh'], paths: ['tests'], passedLine: 'PASS' },
  };
}

let folder = '';
const at = (name: string) => path.join(folder, name);

/** A recipe, with its archive lying in the cache as if it had been fetched. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  await mkdir(at('parser-1.0/tests'), { recursive: true });
  await writeFile(at('parser-1.0/parser.c'), source);
  await writeFile(at('parser-1.0/tests/run.sh'), runTests);
  execFileSync('tar', ['-cf', at('archive'), '-C', folder, 'parser-1.0']);
  const archive = await readFile(at('archive'));
  const sha256 = createHash('sha256').update(archive).digest('hex');
  await mkdir(at('cache/sources'), { recursive: true });
  await writeFile(at(`cache/sources/sha256-${sha256}`), archive);
  await mkdir(at('recipe'));
  await writeFile(at('recipe/benign'), new Uint8Array([1, 97]));
  await writeFile(at('recipe/fix.patch'), fix);
  await writeFile(at('recipe/recipe.json'), JSON.stringify(recipeOf(sha256)));
  await writeFile(at('crash'), new Uint8Array(41).fill(65).fill(40, 0, 1));
  await writeFile(at('harmless'), new Uint8Array([1, 98]));
});
afterAll(async () => await rm(folder, { recursive: true }));

const cli = (...words: string[]) => runCli([...words, '--cache', at('cache')]);

describe.skipIf(tier === 'refuse')('in the sandbox (needs bwrap, gcc, patch)', () => {
  test('a proof reproduces: the verdict, its numbers, the control, the walls', async () => {
    const { code, out, err } = await cli('validate', at('recipe'), at('crash'), '--attempts', '3');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('verdict      reproduced\nreproduced   3/3 (95 % interval');
    expect(out).toContain('control      3 quiet\nbenign       1 quiet\n');
    expect(out).toContain('signature    Heap-buffer-overflow WRITE {*} in parse');
    expect(out).toContain(`sandbox      ${tier}: bubblewrap`);
  });

  test('a harmless input does not, as a document, with a statement of it', async () => {
    const more = ['--attempts', '3', '--json', '--statement', at('statement.json')];
    const { code, json } = await cli('validate', at('recipe'), at('harmless'), ...more);
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      kind: 'validation',
      judgement: { verdict: 'not-reproduced', reproduced: { k: 0, n: 3 } },
    });
    const statement: unknown = JSON.parse(await readFile(at('statement.json'), 'utf8'));
    expect(statement).toMatchObject({ predicate: { verdict: 'not-reproduced' } });
  });

  test('a patch is verified, a wrong one is refused', async () => {
    await writeFile(at('right.patch'), fix);
    await writeFile(at('wrong.patch'), guard('if (data[0] > 80) return -1;'));
    const proof = ['--proof', at('crash'), '--attempts', '1'];
    const right = await cli('verify', at('recipe'), at('right.patch'), ...proof);
    expect([right.code, right.err]).toEqual([0, '']);
    expect(right.out).toContain('verdict      verified');
    expect(right.out).toMatch(/crash +1 fired +1 quiet/);
    expect(right.out).toContain('tests        passed, 1 passed with the patch');
    const wrong = await cli('verify', at('recipe'), at('wrong.patch'), ...proof, '--json');
    expect(wrong.code).toBe(1);
    expect(wrong.json()).toMatchObject({
      judgement: { verdict: 'refused', reasons: [{ code: 'proof-still-fires' }] },
    });
  });

  test('a recipe without a campaign cannot be fuzzed', async () => {
    const { code, json } = await cli('fuzz', at('recipe'), '--seconds', '1', '--json');
    expect([code, json()]).toMatchObject([2, { refusal: { code: 'no-campaign' } }]);
  });
});

test.each([
  ['no recipe', ['validate', '/nowhere', 'crash'], 'recipe-unreadable'],
  ['no proof', ['validate', 'recipe', 'none'], 'file-unreadable'],
  ['two attempts', ['validate', 'recipe', 'crash', '--attempts', '2'], 'option-malformed'],
  ['no time', ['fuzz', 'recipe', '--seconds', 'soon'], 'option-malformed'],
])('%s is refused', async (_, words, refused) => {
  const named = words.map((word) => (['recipe', 'crash', 'none'].includes(word) ? at(word) : word));
  const { code, json } = await cli(...named, '--json');
  expect([code, json()]).toMatchObject([2, { refusal: { code: refused } }]);
});

test('a machine without a sandbox has an exit code of its own', async () => {
  const main = path.resolve(import.meta.dirname, '../main.ts');
  const words = [main, 'validate', at('recipe'), at('crash'), '--cache', at('cache'), '--json'];
  const { code, out } = await new Promise<{ code: unknown; out: string }>((resolve) => {
    // Nothing is found on this search path, bubblewrap neither.
    execFile(process.execPath, words, { env: { PATH: folder } }, (error, stdout) =>
      resolve({ code: error?.code, out: stdout }),
    );
  });
  expect([code, JSON.parse(out)]).toMatchObject([3, { refusal: { code: 'sandbox-unavailable' } }]);
});
