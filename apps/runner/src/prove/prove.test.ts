import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInstant, utf8 } from '@breakwater/kernel';
import { attest, checkAttestation, statementOf } from '@breakwater/proof';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LoadedRecipe, readRecipe } from '../recipe/read-recipe.ts';
import { openSandbox } from '../sandbox/bubblewrap.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { attestationOf } from './attestation.ts';
import { runCampaign } from './campaign.ts';
import { validate } from './validate.ts';
import { type Proof, verifyPatch } from './verify-patch.ts';

/** Copies a length-prefixed name into a block of eight bytes, whatever the length says. */
const parserC = `#include <stdlib.h>
#include <string.h>
#include "parser.h"
int parse(const unsigned char *data, size_t size)
{
    if (size == 0) return -1;
    size_t length = data[0];
    if (length > size - 1) return -1;
    char *name = malloc(8);
    memcpy(name, data + 1, length);
    int first = length == 0 ? 0 : name[0];
    free(name);
    return first;
}
`;
const driverC = `#include <stdio.h>
#include "parser.h"
int main(int argc, char **argv)
{
    static unsigned char data[4096];
    FILE *file = fopen(argv[1], "rb");
    size_t size = fread(data, 1, sizeof data, file);
    printf("first %d\\n", parse(data, size));
    return 0;
}
`;
const testsC = `#include <stdio.h>
#include "parser.h"
int main(void)
{
    const unsigned char named[] = { 2, 'a', 'b' };
    if (parse(named, 3) != 'a') return 1;
    puts("PASS named");
    if (parse(named, 0) != -1) return 1;
    puts("PASS empty");
    return 0;
}
`;
const fuzzC = `#include <stddef.h>
#include <stdint.h>
#include "parser.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { parse(data, size); return 0; }
`;

/** A one-line change of the parser as a patch. */
const patchOf = (line: string, file = 'parser.c') => `--- a/${file}
+++ b/${file}
@@ -7,3 +7,4 @@
     size_t length = data[0];
     if (length > size - 1) return -1;
+    ${line}
     char *name = malloc(8);
`;
const fix = patchOf('if (length > 8) return -1;');
const crash: Proof = { name: 'crash', bytes: new Uint8Array([40, ...Array(40).fill(65)]) };
const signature = 'Heap-buffer-overflow WRITE {*} in parse';

const missing = ['/usr/bin/bwrap', '/usr/bin/gcc', '/usr/bin/patch'].filter((p) => !existsSync(p));
const noClang = !existsSync('/usr/bin/clang');

describe.skipIf(missing.length > 0)(`sealed runs (needs bwrap, gcc, patch)`, () => {
  let sandbox: Sandbox;
  let folder: string;
  let recipeFolder: string;
  let cacheDir: string;

  beforeAll(async () => {
    sandbox = await openSandbox({ slots: 1 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prove-test-'));
    recipeFolder = join(folder, 'recipe');
    cacheDir = join(folder, 'cache');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Writes the recipe, with its archive lying in the cache as if it had been fetched. */
  async function target(change: object = {}): Promise<LoadedRecipe> {
    const source = join(folder, 'parser-1.0');
    await mkdir(join(source, 'tests'), { recursive: true });
    await writeFile(join(source, 'parser.c'), parserC);
    await writeFile(
      join(source, 'parser.h'),
      '#include <stddef.h>\nint parse(const unsigned char *data, size_t size);\n',
    );
    await writeFile(join(source, 'tests/tests.c'), testsC);
    execFileSync('tar', ['-cf', join(folder, 'archive'), '-C', folder, 'parser-1.0']);
    const archive = await readFile(join(folder, 'archive'));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    await mkdir(join(cacheDir, 'sources'), { recursive: true });
    await writeFile(join(cacheDir, 'sources', `sha256-${sha256}`), archive);

    await mkdir(recipeFolder, { recursive: true });
    const files = { 'driver.c': driverC, 'fuzz.c': fuzzC, benign: '\u0001a', 'fix.patch': fix };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(recipeFolder, name), text);
    }
    const unpack = [{ source: 'parser' }];
    const recipe = {
      recipe: 1,
      title: 'parser 1.0',
      package: 'pkg:generic/parser',
      sources: { parser: { kind: 'tarball', url: 'https://parser.invalid/p.tar', sha256 } },
      tools: ['gcc'],
      builds: {
        vulnerable: { version: '1.0', unpack },
        control: { version: '1.1', unpack, patches: [{ file: 'fix.patch' }] },
      },
      script: ['gcc -g -O0 -fsanitize=address -I. /recipe/driver.c parser.c -o "$OUT/parser"'],
      programs: ['parser'],
      run: { argv: ['/build/parser', '@@'] },
      success: [{ kind: 'sanitizer' }],
      benign: { file: 'benign', contains: 'first 97' },
      tests: {
        script: ['gcc -I. tests/tests.c parser.c -o /tmp/tests', '/tmp/tests'],
        paths: ['tests'],
        passedLine: 'PASS',
      },
      campaign: {
        tools: ['clang'],
        script: [
          'clang -g -O1 -fsanitize=fuzzer,address -I. /recipe/fuzz.c parser.c -o "$OUT/fuzz"',
        ],
        program: 'fuzz',
        arguments: ['-seed=1'],
      },
      ...change,
    };
    await writeFile(join(recipeFolder, 'recipe.json'), JSON.stringify(recipe));
    const read = await readRecipe(recipeFolder);
    if (!read.ok) throw new Error(`${read.refusal.code}: ${read.refusal.got}`);
    return read.value;
  }

  async function validated(recipe: LoadedRecipe, proof: Uint8Array, signal?: AbortSignal) {
    const options = { recipe, sandbox, cacheDir, proof, attempts: 3 };
    const result = await validate(signal === undefined ? options : { ...options, signal });
    if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.got}`);
    return result.value;
  }

  async function verified(patch: string, recipe?: LoadedRecipe) {
    const result = await verifyPatch({
      recipe: recipe ?? (await target()),
      sandbox,
      cacheDir,
      patch: utf8(patch),
      proofs: [crash],
      attempts: 1,
    });
    if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.got}`);
    return result.value;
  }

  /** Signs a record's attestation, checks it as a stranger would, and names its subjects. */
  async function attested(record: Parameters<typeof attestationOf>[0]) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const at = parseInstant('2026-11-21T09:30:00Z');
    const attestation = at === null ? null : attestationOf(record, at);
    if (attestation === null) throw new Error('a record with builds attests something');
    const signer = {
      keyid: '',
      sign: (m: Uint8Array) => new Uint8Array(sign(null, m, privateKey)),
    };
    const envelope = await attest(attestation, signer);
    const key = {
      keyid: '',
      verify: (m: Uint8Array, s: Uint8Array) => verify(null, m, publicKey, s),
    };
    expect(await checkAttestation(envelope, [key])).toEqual({ ok: true, value: attestation });
    return statementOf(attestation).subject.map(({ name }) => name);
  }

  test('a crash reproduces every time, the control is silent, the evidence says how', async () => {
    const recipe = await target();
    const record = await validated(recipe, crash.bytes);
    expect(record.judgement).toEqual({
      verdict: 'reproduced',
      reproduced: { k: 3, n: 3, low: 0.4385, high: 1 },
      reasons: [{ code: 'fired-every-time', text: 'fired 3 of 3 times' }],
      signatures: [signature],
    });
    expect(record.control.map((a) => a.outcome)).toEqual(['quiet', 'quiet', 'quiet']);
    expect(record.attempts.every((a) => a.walls.network.denied)).toBe(true);
    expect(new Set(record.attempts.map((a) => a.stderr.digest)).size).toBe(1);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);

    const again = await validated(recipe, crash.bytes);
    expect([again.builds?.vulnerable.fromCache, again.builds?.control.fromCache]).toEqual([
      true,
      true,
    ]);
    expect(again.builds?.vulnerable.digest).toBe(record.builds?.vulnerable.digest);

    expect(await attested(record)).toEqual(['proof', 'build/vulnerable', 'build/control']);
  });

  test('a harmless input does not reproduce', async () => {
    const record = await validated(await target(), new Uint8Array([1, 65]));
    expect(record.judgement.verdict).toBe('not-reproduced');
  });

  test('a source that does not build is an error with its log', async () => {
    const record = await validated(await target({ script: ['gcc nowhere.c'] }), crash.bytes);
    expect(record.judgement.verdict).toBe('errored');
    expect(record.failure?.step).toBe('script');
    expect(record.failure?.log).toContain('nowhere.c: No such file');
  });

  test('a script cannot pass for a step that failed before it', async () => {
    const record = await validated(await target({ script: ['exit 103'] }), crash.bytes);
    expect(record.failure?.step).toBe('script');
  });

  test('an altered build in the cache is made again', async () => {
    const recipe = await target();
    const first = await validated(recipe, crash.bytes);
    const key = first.builds?.vulnerable.key.replace(':', '-') ?? '';
    await writeFile(join(cacheDir, 'builds', key, 'files/parser'), '#!/bin/sh\nexit 0\n');
    const second = await validated(recipe, crash.bytes);
    expect(second.judgement.verdict).toBe('reproduced');
    expect(second.builds?.vulnerable.fromCache).toBe(false);
  });

  test('a proof cannot write to the build it runs on, nor to what is kept of it', async () => {
    const recipe = await target({
      run: { argv: ['/bin/sh', '@@'] },
      success: [{ kind: 'output', stream: 'stdout', contains: 'written' }],
      benign: { file: 'benign', exit: 127 },
    });
    const lines =
      'echo x >> /build/parser && echo written; rm -f /build/parser; echo x > /build/new';
    const first = await validated(recipe, utf8(lines));
    expect(first.attempts.map((a) => a.outcome)).toEqual(['quiet', 'quiet', 'quiet']);
    expect(first.attempts[0]?.stderr.text).toContain('Read-only file system');
    const second = await validated(recipe, utf8(lines));
    expect(second.builds?.vulnerable.fromCache).toBe(true);
    expect(second.builds?.vulnerable.digest).toBe(first.builds?.vulnerable.digest);
  });

  test('a proof on a build that is kept needs no sources', async () => {
    const recipe = await target();
    await validated(recipe, crash.bytes);
    await rm(join(cacheDir, 'sources'), { recursive: true });
    const again = await validated(recipe, crash.bytes);
    expect(again.judgement.verdict).toBe('reproduced');
    expect(again.builds?.control.fromCache).toBe(true);
  });

  test('a source that cannot be had ends the job with its refusal', async () => {
    const recipe = await target();
    await rm(join(cacheDir, 'sources'), { recursive: true });
    expect(await validate({ recipe, sandbox, cacheDir, proof: crash.bytes })).toMatchObject({
      ok: false,
      refusal: { code: 'source-unavailable' },
    });
  });

  test('a file that must not change, from standard input, by a script', async () => {
    const recipe = await target({
      run: { argv: ['/bin/sh'], stdin: 'proof' },
      success: [{ kind: 'file-changed', file: 'keep/canary', original: 'fix.patch' }],
      benign: { file: 'benign', exit: 127 },
    });
    const outcomes = [];
    for (const line of ['echo x > keep/canary', 'rm keep/canary', 'cat keep/canary']) {
      const record = await validated(recipe, utf8(line));
      outcomes.push(record.attempts.map((a) => a.outcome).join(' '));
    }
    expect(outcomes).toEqual(['fired fired fired', 'fired fired fired', 'quiet quiet quiet']);
  });

  test('an aborted job says so', async () => {
    const abort = new AbortController();
    abort.abort(new Error('stop'));
    await expect(validated(await target(), crash.bytes, abort.signal)).rejects.toThrow('stop');
  });

  test('a job aborted during a run does not pass its stump off as a result', async () => {
    const abort = new AbortController();
    const recipe = await target({ run: { argv: ['/bin/sleep', '60', '@@'] } });
    const job = validate({
      recipe,
      sandbox,
      cacheDir,
      proof: crash.bytes,
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase === 'proof') setImmediate(() => abort.abort(new Error('stop')));
      },
    });
    await expect(job).rejects.toThrow('stop');
  });

  describe('a patch', () => {
    test('that fixes is verified', async () => {
      const record = await verified(fix);
      expect(record.judgement).toEqual({
        verdict: 'verified',
        reasons: [
          {
            code: 'all-held',
            text: "1 proof silenced by the patch and firing without it; 2 owner's tests pass",
          },
        ],
      });
      expect(record.tests?.patched).toMatchObject({ outcome: 'passed', passed: 2 });
      const subjects = ['proof/1', 'build/unpatched', 'build/patched', 'patch'];
      expect(await attested(record)).toEqual(subjects);
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    });

    test.each<[string, string, string[]]>([
      ['that is off by far', patchOf('if (length > 39) length = 39;'), ['proof-still-fires']],
      [
        'that moves the crash',
        patchOf('if (length > 8) __builtin_trap();'),
        ['proof-crashes-otherwise'],
      ],
      ['that refuses everything', patchOf('return -1;'), ['benign-misbehaves', 'tests-fail']],
      ['that leaves early', patchOf('if (length > 1) exit(0);'), ['fewer-tests-pass']],
      ['for another file', patchOf('return -1;', 'other.c'), ['patch-does-not-apply']],
      ['that is not one', 'hello', ['patch-does-not-apply']],
      ['that breaks the build', patchOf('return nothing;'), ['patched-build-fails']],
    ])('%s is refused', async (_, patch, codes) => {
      const record = await verified(patch);
      const { judgement } = record;
      expect(await attested(record)).toContain('patch');
      expect({ verdict: judgement.verdict, codes: judgement.reasons.map((r) => r.code) }).toEqual({
        verdict: 'refused',
        codes,
      });
    });

    test('cannot bring its own tests', async () => {
      const rewritten = `--- a/tests/tests.c
+++ b/tests/tests.c
@@ -1,4 +1,5 @@
 #include <stdio.h>
 #include "parser.h"
 int main(void)
+{ puts("PASS"); puts("PASS"); return 0; } int unused(void)
 {
${patchOf('if (length != 1) return -1;')}`;
      const { judgement, tests } = await verified(rewritten);
      expect(judgement.reasons.map((r) => r.code)).toEqual(['tests-fail']);
      expect(tests?.unpatched.passed).toBe(2);
    });
  });

  test.skipIf(noClang)('a campaign finds the crash by itself (needs clang)', async () => {
    const result = await runCampaign({ recipe: await target(), sandbox, cacheDir, seconds: 30 });
    if (!result.ok) throw new Error(result.refusal.got);
    const { found, outcome, report } = result.value;
    expect(outcome).toBe('found');
    expect(report).toContain('heap-buffer-overflow');
    const [first] = found;
    if (first === undefined) throw new Error('the campaign kept its input');
    const record = await validated(await target(), first.bytes);
    expect(record.judgement.verdict).toBe('reproduced');
  });

  test('a recipe without a campaign is refused', async () => {
    const recipe = await target({ campaign: undefined });
    expect(await runCampaign({ recipe, sandbox, cacheDir })).toMatchObject({
      ok: false,
      refusal: { code: 'no-campaign' },
    });
  });
});
