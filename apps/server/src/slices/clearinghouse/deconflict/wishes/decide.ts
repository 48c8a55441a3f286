import type { QuietPeriod } from '@breakwater/contract';
import { type Instant, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import type { WishesRow } from './store.ts';

/** Whether periods of quiet can be kept: each has an end to come, in a zone that there is. */
export function decideQuiet(
  periods: readonly QuietPeriod[],
  facts: { readonly isZone: (zone: string) => boolean; readonly now: Instant },
): Result<null, 'zone-unknown' | 'period-empty' | 'hour-passed'> {
  for (const period of periods) {
    if (!facts.isZone(period.zone)) return refuse(zoneUnknown);
    if (period.kind !== 'once') continue;
    if (period.until <= period.from) return refuse(periodEmpty);
    if (period.until <= facts.now) return refuse(hourPassed(period.until));
  }
  return ok(null);
}

/** Who may speak for a target: who proved that it controls it, or a coordinator in its own name. */
export function maySpeak(facts: {
  readonly controls: boolean;
  readonly coordinator: boolean;
}): Result<null, 'control-unproven'> {
  return facts.controls || facts.coordinator ? ok(null) : refuse(controlUnproven);
}

/** What stands against looking at a place, of all that was stated about it. */
export type Objection =
  | { readonly because: 'opted-out'; readonly by: WishesRow; readonly since: Instant }
  | { readonly because: 'quiet'; readonly by: WishesRow; readonly until: Instant };

/**
 * DCF-52, DCF-53: an opt-out before all quiet, and of several the one that holds longest.
 * `quietUntil` tells until when a statement wants quiet; null: it does not now.
 */
export function objectionOf(
  statements: readonly WishesRow[],
  { now, quietUntil }: { readonly now: Instant; readonly quietUntil: QuietUntil },
): Objection | null {
  const held = statements.filter((row) => isHeld(row, now));
  for (const by of held) {
    if (by.opted_out_at !== null) return { because: 'opted-out', by, since: by.opted_out_at };
  }
  let found: Objection | null = null;
  let quiet = 0;
  for (const by of held) {
    if (quiet >= quietSoughtMax) break;
    const until = quietUntil(by.quiet, now);
    if (until !== null) quiet += 1;
    if (until === null || (found?.because === 'quiet' && found.until >= until)) continue;
    found = { because: 'quiet', by, until };
  }
  return found;
}

/** One is enough to refuse; of so many the end is told, and whoever asks again then is told the next. */
const quietSoughtMax = 20;

type QuietUntil = (periods: readonly QuietPeriod[], at: Instant) => Instant | null;

/** Whether a statement counts: neither withdrawn nor older than it says of itself. */
export function isHeld(
  { withdrawn_at, expires_at }: Pick<WishesRow, 'withdrawn_at' | 'expires_at'>,
  now: Instant,
): boolean {
  return withdrawn_at === null && (expires_at === null || expires_at > now);
}

/** How an objection is told: with its source and its date. */
export function refusalOf(objection: Objection): Refusal<'owner-opted-out' | 'quiet-until'> {
  const { by } = objection;
  const source = by.form === 'form' ? 'said here' : 'a record of another installation';
  const expected = `a target whose owner is willing to have it looked at: ${by.target}`;
  if (objection.because === 'opted-out') {
    return {
      code: 'owner-opted-out',
      expected,
      got: `its owner opted out, at ${objection.since} (${source})`,
      todo: 'leave it alone; its wishes say more, and a coordinator can ask its owner',
    };
  }
  return {
    code: 'quiet-until',
    expected,
    got: `its owner wants quiet until ${objection.until} (${source}, at ${by.at})`,
    todo: `ask again after ${objection.until}`,
  };
}

const zoneUnknown = {
  code: 'zone-unknown',
  expected: 'a time zone of the IANA database, such as America/New_York',
  got: 'another word',
  todo: 'name the zone in which people read these hours',
  pointer: '/quiet',
} as const;
const periodEmpty = {
  code: 'period-empty',
  expected: 'a period that ends after it begins',
  got: 'one that does not',
  todo: 'exchange its hours, or leave it out',
  pointer: '/quiet',
} as const;
/** Said to who speaks for a target without having proven control of it. */
export const controlUnproven = {
  code: 'control-unproven',
  expected: 'a target of which you have proven that you control it',
  got: 'another one',
  todo: 'prove it first (breakwater authorization prove), or ask a coordinator to state it',
  pointer: '/target',
} as const;

function hourPassed(until: Instant) {
  return {
    code: 'hour-passed',
    expected: 'a period to come',
    got: `one that ended at ${until}`,
    todo: 'choose a later one, or leave it out',
    pointer: '/quiet',
  } as const;
}
