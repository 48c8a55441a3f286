import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openSandbox, type PatchRecord, readRecipe, type Sandbox } from '@breakwater/runner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Proven, proveTarget } from './prove-target.ts';
import { rowOf, tableOf } from './table.ts';
import { targets } from './targets.ts';

const root = resolve(import.meta.dirname, '../..');
const long = process.env['BREAKWATER_LONG'] === '1';
/** Kept between runs: what lies there is named by digests and hashed again on every use. */
const cacheDir = resolve(root, '.cache/targets');
/** One in C and one in JavaScript, quick to build and to prove. */
const quick = new Set(['cjson-parse', 'shell-quote']);
const wanted = process.env['BREAKWATER_TARGETS']?.split(',');
const chosen = targets.filter(({ name }) =>
  wanted === undefined ? long || quick.has(name) : wanted.includes(name),
);
const eachMs = long ? 3_600_000 : 600_000;

describe('every target', () => {
  test.each(targets)('$name has its recipe, proof and patches, and its row', async (target) => {
    const recipe = await readRecipe(resolve(root, target.recipe));
    if (!recipe.ok) throw new Error(`${recipe.refusal.code}: ${recipe.refusal.got}`);
    const named = [target.proof, ...target.badPatches.map(({ path }) => path)];
    expect(named.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
    const page = readFileSync(resolve(root, 'docs/targets.md'), 'utf8');
    const { control, vulnerable } = recipe.value.recipe.builds;
    const row = [target.name, target.identifier, vulnerable.version, control.version];
    expect(page).toContain(`| ${row.join(' | ')} | ${target.signature ?? 'said by the proof'} |`);
  });

  test('no recipe, proof or patch lies there unused', () => {
    const used = targets.flatMap(({ recipe, proof, badPatches, fix }) => [
      recipe,
      proof,
      ...badPatches.map(({ path }) => path),
      ...(fix.kind === 'file' ? [fix.path] : []),
    ]);
    const lying = ['recipes', 'proofs', 'patches'].flatMap((folder) =>
      readdirSync(resolve(root, 'targets', folder))
        .filter((name) => !/^(LICENSE|README)/.test(name))
        .map((name) => `targets/${folder}/${name}`),
    );
    expect(lying.filter((path) => !used.includes(path))).toEqual([]);
  });
});

describe('proving', () => {
  let sandbox: Sandbox;
  const seen: Proven[] = [];
  beforeAll(async () => {
    sandbox = await openSandbox({ slots: 1 });
  });
  afterAll(async () => {
    await sandbox.close();
    console.log(`\n${tableOf(seen)}\n`);
  });

  test.for(chosen)(
    '$name reproduces, its fix holds, its bad patches are refused',
    { timeout: eachMs },
    async (target, { skip }) => {
      const { capabilities } = sandbox;
      if (capabilities.tier === 'refuse') return skip(capabilities.reason);
      const proven = await proveTarget(target, { root, cacheDir, sandbox });
      if ('untried' in proven) return skip(proven.untried);
      seen.push(proven);
      console.log(`${rowOf(proven)} ${proven.seconds.toFixed(0)} s`);
      const { badPatches, fix, validation } = proven;
      expect(validation.judgement).toMatchObject({
        verdict: 'reproduced',
        signatures: target.signature === null ? [] : [target.signature],
      });
      expect(codesOf(fix)).toEqual(
        target.fixComesTo === 'verified'
          ? { verdict: 'verified', codes: ['all-held'] }
          : { verdict: 'inconclusive', codes: [target.fixComesTo] },
      );
      expect(badPatches.map(codesOf)).toEqual(
        target.badPatches.map(({ refusedFor }) => ({ verdict: 'refused', codes: refusedFor })),
      );
    },
  );
});

function codesOf({ judgement }: PatchRecord) {
  return { verdict: judgement.verdict, codes: judgement.reasons.map(({ code }) => code) };
}
