import { findingHash, type HashedFinding } from '@breakwater/formats/interchange';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { repositoryOf } from './repository.ts';

/** What the claim check asks of other slices; bound in slices/index.ts. */
export interface PeersNeeds {
  /** The ids of at most `limit` findings that come after `after` in the order of ids. */
  findingsBeyond(reader: Reader, after: string, limit: number): Promise<readonly string[]>;
  /** Where each lies of which peers may learn that it is here: none marked RED or suppressed. */
  located(findings: readonly string[]): Promise<readonly LocatedFinding[]>;
}

export interface LocatedFinding {
  /** A package URL. */
  readonly package: string;
  readonly location: string;
  /** null: none was named. */
  readonly weakness: string | null;
}

/** The hashes of what is here, made anew at most once a minute. */
export interface Hashes {
  has(hash: string): Promise<boolean>;
}

const freshForMs = 60_000;
const pageSize = 500;

/**
 * DCF-64: keeps the hashes of all findings that have one. A question is a look into a set, which
 * takes as long for a hit as for a miss; whoever asks while it is made anew is answered out of the old.
 */
export function keepHashes(
  services: Services,
  needs: PeersNeeds,
  given: { readonly salt: string; readonly nowMs: () => number },
): Hashes {
  let kept: ReadonlySet<string> | null = null;
  let madeAt = Number.NEGATIVE_INFINITY;
  let making: Promise<void> | null = null;
  async function make(): Promise<void> {
    const startedAt = given.nowMs();
    const hashes = new Set<string>();
    for (let after = ''; ; ) {
      const page = await services.database.read((r) => needs.findingsBeyond(r, after, pageSize));
      for (const finding of await needs.located(page)) {
        const hashed = hashedOf(finding);
        if (hashed !== null) hashes.add(findingHash(given.salt, hashed));
      }
      const last = page.at(-1);
      if (last === undefined) break;
      after = last;
      // Thousands in a row keep no request waiting.
      await new Promise((resolve) => void setImmediate(resolve));
    }
    kept = hashes;
    madeAt = startedAt;
  }
  return {
    async has(hash) {
      if (given.nowMs() - madeAt >= freshForMs) {
        making ??= make().finally(() => {
          making = null;
        });
        if (kept === null) await making;
      }
      return kept?.has(hash) ?? false;
    },
  };
}

/** A finding as its hash is made; null where nothing tells in which repository it lies. */
export function hashedOf(finding: LocatedFinding): HashedFinding | null {
  const { package: purl, location, weakness } = finding;
  const repository = repositoryOf(purl);
  if (repository === null) return null;
  return { repository, subPath: '', location, weaknesses: weakness ?? '' };
}
