import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedRecipe } from '@breakwater/runner';
import { fetchSource } from '../../apps/runner/src/fetch/fetch-source.ts';
import { SourceCache } from '../../apps/runner/src/fetch/source-cache.ts';
import type { Fix } from './target.ts';

/** Reads the real fix as one patch for `patch -p1`; throws when an archive cannot be had. */
export async function readFix(fix: Fix, recipe: LoadedRecipe, place: Place): Promise<Uint8Array> {
  if (fix.kind === 'file') return readFileSync(join(place.root, fix.path));
  const folder = mkdtempSync(join(tmpdir(), 'target-fix-'));
  try {
    if (fix.kind === 'in-archive') {
      await unpack(recipe, fix.source, { into: folder, strip: 0, place });
      return Buffer.concat(fix.paths.map((path) => readFileSync(join(folder, path))));
    }
    const { control, vulnerable } = recipe.recipe.builds;
    for (const [side, build] of [
      ['a', vulnerable],
      ['b', control],
    ] as const) {
      const [first] = build.unpack;
      if (first === undefined) throw new Error('a parsed build unpacks something');
      await unpack(recipe, first.source, { into: join(folder, side), strip: 1, place });
    }
    return Buffer.concat(fix.paths.map((path) => difference(folder, path)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the repository lies, and where fetched archives are kept. */
export interface Place {
  readonly root: string;
  readonly cacheDir: string;
}

interface Unpacking {
  readonly into: string;
  readonly strip: number;
  readonly place: Place;
}

async function unpack(recipe: LoadedRecipe, name: string, { into, strip, place }: Unpacking) {
  const source = recipe.archives.get(name);
  if (source === undefined) throw new Error(`the recipe has no archive ${name}`);
  const fetched = await fetchSource(source, new SourceCache(place.cacheDir));
  if (!fetched.ok) throw new Error(fetched.refusal.got);
  mkdirSync(into, { recursive: true });
  const { path } = fetched.value;
  if (source.kind === 'pypi') {
    execFileSync('unzip', ['-q', path, '-d', into]);
  } else if (source.kind === 'go') {
    const whole = `${into}-whole`;
    execFileSync('unzip', ['-q', path, '-d', whole]);
    execFileSync('cp', ['-R', `${whole}/${source.module}@${source.version}/.`, into]);
  } else {
    execFileSync('tar', ['-xf', path, '-C', into, `--strip-components=${strip}`]);
  }
}

function difference(folder: string, path: string): Uint8Array {
  const labels = ['--label', `a/${path}`, '--label', `b/${path}`];
  const { status, stdout } = spawnSync('diff', ['-u', ...labels, `a/${path}`, `b/${path}`], {
    cwd: folder,
  });
  if (status !== 1) throw new Error(`the releases do not differ in ${path}`);
  return stdout;
}
