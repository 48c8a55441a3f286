import type { Build, Recipe } from '@breakwater/proof';

/** Exit codes of the prepared script, each a step that failed. */
export const stepCodes = { unpack: 101, 'named-patch': 102, patch: 103, script: 104 } as const;
export type FailedStep = keyof typeof stepCodes;

export interface ScriptOptions {
  /** Apply /job/patch after the recipe's own patches. */
  readonly patched: boolean;
  /** Paths that the patch under test may not change: put back as they were before it. */
  readonly keep: readonly string[];
}

/**
 * The shell script that unpacks and patches a build's sources in /tmp/src inside the sandbox, and
 * then hands over to /job/script.sh.
 *
 * Every word from the recipe is a narrow path or a name (RecipePath, Name), so none needs quoting;
 * the recipe's own lines are in a file of their own, whose exit code cannot pass for a step's.
 */
export function buildScript(recipe: Recipe, build: Build, options: ScriptOptions): string {
  const fail = (step: FailedStep) => `|| exit ${stepCodes[step]}`;
  const apply = 'patch -p1 --batch --forward --no-backup-if-mismatch';
  const lines = ['set -eu', 'mkdir /tmp/src', 'cd /tmp/src'];
  for (const { source, to, strip } of build.unpack) {
    lines.push(`mkdir -p ${to} ${fail('unpack')}`);
    lines.push(`${unpackLine(recipe, source, to, strip)} ${fail('unpack')}`);
  }
  const unpacked = new Set<string>();
  for (const patch of build.patches) {
    if ('source' in patch && !unpacked.has(patch.source)) {
      unpacked.add(patch.source);
      const folder = `/tmp/patches/${patch.source}`;
      lines.push(`mkdir -p ${folder} ${fail('unpack')}`);
      lines.push(`${unpackLine(recipe, patch.source, folder, 0)} ${fail('unpack')}`);
    }
    const path =
      'source' in patch ? `/tmp/patches/${patch.source}/${patch.path}` : `/recipe/${patch.file}`;
    lines.push(`${apply} -i ${path} ${fail('named-patch')}`);
  }
  if (options.patched) {
    lines.push('cp -a /tmp/src /tmp/before');
    lines.push(`${apply} -i /job/patch ${fail('patch')}`);
    for (const path of options.keep) {
      lines.push(`rm -rf ${path}`, `cp -a /tmp/before/${path} ${path} ${fail('patch')}`);
    }
  }
  lines.push(`sh -eu /job/script.sh ${fail('script')}`);
  return `${lines.join('\n')}\n`;
}

function unpackLine(recipe: Recipe, name: string, to: string, strip: number): string {
  const source = recipe.sources[name];
  if (source?.kind === 'debian' && source.file.endsWith('.deb')) {
    return `dpkg-deb -x /in/${name} ${to}`;
  }
  return `tar -xf /in/${name} -C ${to} --strip-components=${strip} --no-same-owner`;
}
