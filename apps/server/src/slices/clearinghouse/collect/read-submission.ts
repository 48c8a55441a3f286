import type { FindingSubmission } from '@breakwater/contract';
import { readCrash } from '@breakwater/correlation';
import { parseCvss } from '@breakwater/formats/cvss';
import { parsePurl } from '@breakwater/formats/purl';
import { ok, type Result } from '@breakwater/kernel';
import type { Services } from '../../../services.ts';
import { decideSubmission } from './decide.ts';
import type { CollectNeeds } from './needs.ts';
import type { Accepted } from './take-in.ts';

/** Reads submissions, and asks of each package and recipe once. */
export interface SubmissionReader {
  read(submission: FindingSubmission, more?: More): Promise<Result<Accepted>>;
}

/** What is known of a submission beside itself. */
export type More = Pick<Accepted, 'report' | 'suppressed'> & { readonly fingerprint?: string };

/** A reader for one request: what it asks of the world stands still meanwhile. */
export function createReader(
  { database }: Pick<Services, 'database'>,
  needs: Pick<CollectNeeds, 'recipePackage'>,
): SubmissionReader {
  const packages = new Map<string, string | null>();
  const recipes = new Map<string, Promise<string | null>>();
  const remember = <T>(map: Map<string, T>, key: string, make: () => T): T => {
    const value = map.has(key) ? map.get(key) : undefined;
    if (value !== undefined) return value;
    const made = make();
    map.set(key, made);
    return made;
  };
  return {
    async read(body, { fingerprint, ...more } = {}) {
      const { recipe } = body;
      const canonical = remember(packages, body.package, () => canonicalOf(body.package));
      const recipePackage =
        recipe === undefined
          ? null
          : await remember(recipes, recipe, () =>
              database.read((r) => needs.recipePackage(r, recipe)),
            );
      const cvss = body.kind === 'native' ? body.cvss : undefined;
      const decided = decideSubmission(body, {
        crash: body.kind === 'crash' ? readCrash(body.report) : null,
        recipePackage,
        package: canonical,
        cvssValid: cvss === undefined || parseCvss(cvss).ok,
        fingerprint: fingerprint ?? null,
      });
      if (!decided.ok) return decided;
      return ok({ ...decided.value, ...more, body, package: canonical ?? body.package });
    },
  };
}

/** Without version; null for what is no package URL. */
function canonicalOf(text: string): string | null {
  const purl = parsePurl(text);
  if (!purl.ok) return null;
  const { type, namespace, name } = purl.value;
  const within = namespace === undefined || namespace === '' ? '' : `${namespace}/`;
  const canonical = `pkg:${type}/${within}${name}`;
  // Percent-encoded ones come out of a package URL as themselves; the database keeps no NUL.
  return /^\P{Cc}*$/u.test(canonical) ? canonical : null;
}
