import type { Build, Source, Unpack } from '@breakwater/proof';
import type { LoadedRecipe } from '../recipe/read-recipe.ts';

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
export function buildScript(loaded: Unpackable, build: Build, options: ScriptOptions): string {
  const fail = (step: FailedStep) => `|| exit ${stepCodes[step]}`;
  const apply = 'patch -p1 --batch --forward --no-backup-if-mismatch';
  const lines = ['set -eu', 'mkdir /tmp/src', 'cd /tmp/src'];
  for (const unpack of build.unpack) {
    for (const line of unpackLines(loaded, unpack)) lines.push(`${line} ${fail('unpack')}`);
  }
  const unpacked = new Set<string>();
  for (const patch of build.patches) {
    if ('source' in patch && !unpacked.has(patch.source)) {
      unpacked.add(patch.source);
      const whole = { source: patch.source, to: `/tmp/patches/${patch.source}`, strip: 0 };
      for (const line of unpackLines(loaded, { ...whole, as: 'tree' })) {
        lines.push(`${line} ${fail('unpack')}`);
      }
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

/** What of a recipe unpacking needs to know. */
export type Unpackable = Pick<LoadedRecipe, 'archives' | 'locks'>;

function unpackLines({ archives, locks }: Unpackable, unpack: Unpack): string[] {
  const { source: name, to } = unpack;
  const lock = locks.get(name);
  if (lock !== undefined) {
    return lock.flatMap(({ path }, place) => {
      const folder = to === '.' ? path : `${to}/${path}`;
      return [`mkdir -p ${folder}`, tarLine(`/in/${name}.${place}`, folder, 1)];
    });
  }
  const source = archives.get(name);
  const archive = `/in/${name}`;
  if (source?.kind === 'go') {
    return unpack.as === 'go-proxy' ? goProxyLines(source, unpack) : goTreeLines(source, unpack);
  }
  const make = `mkdir -p ${to}`;
  if (unpack.member !== undefined) {
    const outer = `/tmp/outer/${name}`;
    const open = [`mkdir -p ${outer}`, tarLine(archive, outer, 1), make];
    return [...open, tarLine(`${outer}/${unpack.member}`, to, unpack.strip)];
  }
  if (source?.kind === 'debian' && source.file.endsWith('.deb')) {
    return [make, `dpkg-deb -x ${archive} ${to}`];
  }
  if (source?.kind === 'pypi') return [make, `unzip -q -o ${archive} -d ${to}`];
  return [make, tarLine(archive, to, unpack.strip)];
}

function tarLine(archive: string, to: string, strip: number): string {
  return `tar -xf ${archive} -C ${to} --strip-components=${strip} --no-same-owner`;
}

type GoSource = Extract<Source, { kind: 'go' }>;

/** The module's files. Its zip holds them under `<module>@<version>/` (Go Modules Reference). */
function goTreeLines({ module, version }: GoSource, { source: name, to }: Unpack): string[] {
  const folder = `/tmp/outer/${name}`;
  const open = [`mkdir -p ${folder} ${to}`, `unzip -q -o /in/${name} -d ${folder}`];
  return [...open, `cp -R ${folder}/${module}@${version}/. ${to}`];
}

/** The module as `go` asks a proxy for it: `file:///tmp/src/<to>` then is a GOPROXY. */
function goProxyLines({ module, version }: GoSource, { source: name, to }: Unpack): string[] {
  // "case-encoding": an upper-case letter is written as ! and the letter in lower case
  const escaped = (text: string) => text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
  const folder = `${to}/${escaped(module)}/@v`;
  const file = `${folder}/${escaped(version)}`;
  return [
    `mkdir -p ${folder}`,
    `cp /in/${name} ${file}.zip`,
    // a module older than go.mod has none, and is taken as if it had this one
    `{ unzip -p /in/${name} ${module}@${version}/go.mod || echo module ${module}; } > ${file}.mod`,
    `printf '{"Version":"%s"}' ${version} > ${file}.info`,
  ];
}
