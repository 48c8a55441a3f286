import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecipe } from '@breakwater/runner';
import { describe, expect, test } from 'vitest';

const here = import.meta.dirname;
const recipes = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('every recipe of the demonstration', () => {
  test.each(recipes)('%s is well-formed, complete and named in the README', async (name) => {
    const read = await readRecipe(join(here, name));
    if (!read.ok) throw new Error(`${read.refusal.code}: ${read.refusal.got}`);
    expect(read.value.recipe.identifiers).not.toEqual([]);
    expect(readFileSync(join(here, 'README.md'), 'utf8')).toContain(`\`${name}/\``);
  });
});

const patches = join(here, '../patches');
const wrong = readdirSync(patches).filter((name) => name.endsWith('-wrong.patch'));

describe('every wrong patch', () => {
  test.each(wrong)('%s stands beside the right one and its proof, and is explained', (name) => {
    const base = name.replace('-wrong.patch', '');
    expect(existsSync(join(patches, `${base}.patch`))).toBe(true);
    const proofs = readdirSync(join(here, '../proofs'));
    expect(proofs.some((proof) => proof.startsWith(`${base}.`))).toBe(true);
    expect(readFileSync(join(patches, 'README.md'), 'utf8')).toContain(name);
  });

  test.each(wrong)('%s changes the same file as the right one, and in another way', (name) => {
    const lines = (file: string) => readFileSync(join(patches, file), 'utf8').split('\n');
    const right = lines(name.replace('-wrong', ''));
    const changed = lines(name).filter((line) => line.startsWith('+++ '));
    expect(changed).toHaveLength(1);
    expect(right.map((line) => line.trim())).toContain(changed[0]);
    expect(right).not.toEqual(lines(name));
  });
});
