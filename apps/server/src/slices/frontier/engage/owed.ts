import { type Owed, termsKinds } from '@breakwater/contract';
import type { Engagement } from './model.ts';
import { inForce, proposed, unsigned } from './terms/standing.ts';

/**
 * ENG-11: what each side has to do before access can be given, from what stands. Once the developer
 * left nothing of it is owed. Nothing of it weighs on a release.
 */
export function owedBefore(engagement: Engagement): readonly Owed[] {
  const { leftAt, releasedAt, openedAt: since, wants, dates } = engagement;
  if (leftAt !== null || releasedAt !== null) return [];
  const wantsAccess = wants !== 'inquiry';
  const owed: Owed[] = [];
  if (wantsAccess && dates === null) {
    owed.push({
      what: 'state-dates',
      side: 'developer',
      about: null,
      kind: null,
      since,
      doneAt: null,
    });
  }
  for (const kind of termsKinds) {
    const version = proposed(engagement, kind);
    if (version !== null) {
      const { id: about, proposedAt } = version;
      for (const side of unsigned(version)) {
        owed.push({ what: 'sign-terms', side, about, kind, since: proposedAt, doneAt: null });
      }
    } else if (wantsAccess && inForce(engagement, kind) === null) {
      const side = 'government';
      owed.push({ what: 'propose-terms', side, about: null, kind, since, doneAt: null });
    }
  }
  return owed;
}
