import type { Engagement } from '@breakwater/contract';
import { Told, type ToldFact } from '../../ui/told.tsx';

/** What happened so far, each with its hour. */
export function WhereWeAre({ engagement }: { readonly engagement: Engagement }) {
  return <Told label="What happened" facts={factsOf(engagement)} />;
}

function factsOf(engagement: Engagement): readonly ToldFact[] {
  const { openedAt, dates, releasedAt, leftAt, developer, side } = engagement;
  const who = side === 'developer' ? 'You' : developer.name;
  const signed = engagement.terms.filter(({ inForce }) => inForce !== null);
  const facts: ToldFact[] = [
    { key: 'opened', words: `${who} opened the engagement.`, at: openedAt },
    ...(dates === null
      ? []
      : [{ key: 'dates', words: `${who} stated planned dates.`, at: dates.statedAt }]),
    ...(releasedAt === null
      ? []
      : [{ key: 'released', words: `${who} released the model.`, at: releasedAt }]),
    ...(leftAt === null ? [] : [{ key: 'left', words: `${who} left.`, at: leftAt }]),
  ];
  return [
    ...facts.toSorted((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? '')),
    ...(engagement.terms.length === 0
      ? []
      : [
          {
            key: 'terms',
            words: `${signed.length} of ${engagement.terms.length} terms are signed by both sides.`,
            at: null,
          },
        ]),
  ];
}
