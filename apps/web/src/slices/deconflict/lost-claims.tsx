import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { ButtonLink, Buttons } from '../../ui/button.tsx';
import { Time, useNow } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useLoad } from '../session/server.ts';
import { searchOf } from './claim-draft.ts';
import { isLost } from './claim-time.ts';
import { scopeLine, targetsOf } from './scope-words.ts';

/** Claims that one did not end oneself: told at the top until one cannot have missed it. */
export function LostClaims() {
  const now = useNow(60_000);
  const { loaded } = useLoad(claims.list, { query: { show: 'ended', limit: 20 } });
  if (loaded.state !== 'ready') return null;
  const lost = loaded.data.items.filter((claim) => isLost(claim, now));
  if (lost.length === 0) return null;
  return (
    <section aria-label="Claims you lost">
      {lost.map((claim) => (
        <Lost key={claim.id} claim={claim} />
      ))}
    </section>
  );
}

const lostWords = {
  expired: ['A claim ran out', 'Nobody renewed it.'],
  lapsed: ['A claim lapsed', 'It was held and not used.'],
  overridden: ['A coordinator ended a claim', 'You no longer hold it: stop what runs under it.'],
  'opted-out': [
    'The owner opted out',
    'You no longer hold the claim: stop what runs under it. What you found may be handed in.',
  ],
  stopped: [
    'The owner stopped it',
    'You no longer hold the claim: stop what runs under it at once.',
  ],
} as const;

function isLostState(state: Claim['state']): state is keyof typeof lostWords {
  return Object.hasOwn(lostWords, state);
}

function Lost({ claim }: { readonly claim: Claim }) {
  const { state, endedAt, scope, reason } = claim;
  if (!isLostState(state)) return null;
  const byOthers = state !== 'expired' && state !== 'lapsed';
  const [title, words] = lostWords[state];
  return (
    <Note tone={byOthers ? 'fired' : 'warn'} title={title} role="status">
      <p className="small">
        {scopeLine(scope)}. {words} {endedAt === null ? null : <Time at={endedAt} />}
      </p>
      {reason === null ? null : <QuoteBlock text={reason} from="The reason given" />}
      {byOthers ? null : (
        <Buttons>
          <ButtonLink href={pathOf('claim', searchOf(draftAgain(claim)))}>
            Claim it again
          </ButtonLink>
        </Buttons>
      )}
    </Note>
  );
}

/** The form, filled with what was held. */
export function draftAgain({ scope }: Pick<Claim, 'scope'>) {
  const versions = new Set(scope.places.map((place) => place.versions ?? ''));
  const [first = ''] = versions;
  return {
    targets: targetsOf(scope).join('\n'),
    except: scope.except.join('\n'),
    versions: versions.size === 1 && scope.targets.length === 0 ? first : '',
    methods: scope.methods,
    weaknesses: scope.weaknesses.join(', '),
    exceptWeaknesses: scope.exceptWeaknesses.join(', '),
  };
}
