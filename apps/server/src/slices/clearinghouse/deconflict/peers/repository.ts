import { parseTarget, type Target } from '@breakwater/scope';

/**
 * The address of the repository a package comes from; null where nothing tells. It tells for a
 * package that is itself a repository, and for a Go module, which is named after its own.
 */
export function repositoryOf(purl: string): string | null {
  const [, module = null] =
    /^pkg:golang\/((?:github|gitlab|bitbucket)\.(?:com|org)\/[^/?#@]+\/[^/?#@]+)/i.exec(purl) ?? [];
  const target = parseTarget(module === null ? purl : `https://${module}`);
  return target.ok ? addressOf(target.value) : null;
}

/** The address of a repository, also where a part of it is named; null: it is no single one. */
export function addressOf(target: Target): string | null {
  if (target.kind !== 'repository' || target.every) return null;
  return `https://${target.host}/${target.project}`;
}

/** The commit that an address of a known forge names. */
export function commitAt(
  address: string,
): { readonly repository: string; readonly commit: string } | null {
  const [, place = '', commit = ''] =
    /^(https:\/\/(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)\/.{3,300}?)(?:\/-)?\/commits?\/([0-9a-f]{7,64})$/i.exec(
      address,
    ) ?? [];
  const target = parseTarget({ kind: 'repository', text: place });
  const repository = target.ok ? addressOf(target.value) : null;
  return repository === null ? null : { repository, commit: commit.toLowerCase() };
}
