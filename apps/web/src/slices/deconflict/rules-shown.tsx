import type { ClaimRules } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { spanWords } from '../../ui/time.ts';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** The limits and orders by which claims are granted and lapse, as the server says them. */
export function RulesShown() {
  const rules = useLoad(claims.rules, {});
  return (
    <Show what="the rules" {...rules}>
      {(said) => (
        <>
          <Facts items={factsOf(said)} />
          <ol className="reasons">
            {said.order.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        </>
      )}
    </Show>
  );
}

function factsOf(rules: ClaimRules): readonly (readonly [string, string])[] {
  const hours = (count: number) => spanWords(count * 3_600_000);
  return [
    ['At once', `${rules.liveClaimsMax} claims, and ${rules.waitsMax} places in line`],
    [
      'One claim',
      `at most ${hours(rules.termHoursMax)}; it may begin ${hours(rules.aheadHoursMax)} ahead`,
    ],
    [
      'Renewals',
      `${rules.renewalsMax}, and ${hours(rules.totalHoursMax)} in all; none while somebody waits`,
    ],
    ['Not used', `lapses after ${hours(rules.unusedHours)}`],
    ['Warning', `${hours(rules.warningHours)} before the end`],
    ['Answers', `${rules.answersPerDay} a day that tell of others`],
  ];
}
