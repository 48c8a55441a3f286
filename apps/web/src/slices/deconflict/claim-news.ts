import type { Claim, ClaimRules, Client } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { spanWords } from '../../ui/time.ts';
import { isLost } from './claim-time.ts';
import { scopeLine } from './scope-words.ts';
import { claimStateWords } from './words.ts';

/** So many are said one by one; your claims show them all. */
const saidMax = 3;

/**
 * What to say on any open page of one's own claims that just changed: those one lost, and those that
 * end or lapse soon. `ids` as the server tells them; what cannot be read is passed over.
 */
export async function claimNews(
  client: Client,
  ids: readonly string[],
): Promise<readonly string[]> {
  const known = ids.flatMap((id) => parseId('claim', id) ?? []).slice(0, saidMax);
  const [rules, ...read] = await Promise.allSettled([
    client.call(claims.rules),
    ...known.map((claim) => client.call(claims.get, { params: { claim } })),
  ]);
  if (rules.status === 'rejected') return [];
  return read.flatMap((one) =>
    one.status === 'rejected' ? [] : (newsOf(one.value, rules.value, Date.now()) ?? []),
  );
}

/** One claim's news for its holder; null: none. */
export function newsOf(
  claim: Claim,
  { warningHours }: Pick<ClaimRules, 'warningHours'>,
  nowMs: number,
): string | null {
  const { scope, state, from, until, lapsesAt, holder } = claim;
  // A coordinator is told of everybody's claims, and reads of them among the conflicts.
  if (holder !== null) return null;
  if (isLost(claim, nowMs)) return `${claimStateWords[state][0]}. ${scopeLine(scope)}.`;
  if (state !== 'live') return null;
  const lapses = lapsesAt !== null && lapsesAt < until;
  const left = Date.parse(lapses ? lapsesAt : until) - nowMs;
  // DCF-10: so many hours before, or once half of a shorter one is over.
  const half = (Date.parse(until) - Date.parse(from)) / 2;
  if (left <= 0 || left > Math.min(warningHours * 3_600_000, half)) return null;
  return `${lapses ? 'Lapses, unless you work with it,' : 'Ends'} in ${spanWords(left)}: ${scopeLine(scope)}.`;
}
