import type { AccessWindow, Determination, Engagement } from '@breakwater/contract';
import { designate, earlyAccess } from '@breakwater/contract';
import { Told, type ToldFact } from '../../ui/told.tsx';
import { useMay } from '../session/me.ts';
import { useLoad } from '../session/server.ts';

/** What happened so far, each with its hour, in order. */
export function WhereWeAre({ engagement }: { readonly engagement: Engagement }) {
  const may = useMay();
  const query = { engagement: engagement.id };
  const windows = useLoad(
    earlyAccess.windows,
    { query },
    { when: engagement.side !== null && may(earlyAccess.windows) },
  );
  const determined = useLoad(
    designate.determinations,
    { query },
    { when: may(designate.determinations) },
  );
  const facts = [
    ...engagementFacts(engagement),
    ...(windows.loaded.state === 'ready' ? windows.loaded.data.items.flatMap(windowFacts) : []),
    ...(determined.loaded.state === 'ready'
      ? determined.loaded.data.items.map(determinationFact)
      : []),
  ];
  const { terms } = engagement;
  const signed = terms.filter(({ inForce }) => inForce !== null).length;
  return (
    <Told
      label="What happened"
      facts={[
        ...facts.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
        ...(terms.length === 0
          ? []
          : [
              {
                key: 'terms',
                words: `${signed} of ${terms.length} terms are signed by both sides.`,
                at: null,
              },
            ]),
      ]}
    />
  );
}

type Dated = ToldFact & { readonly at: string };

function engagementFacts(engagement: Engagement): readonly Dated[] {
  const { openedAt, dates, releasedAt, leftAt, developer, side } = engagement;
  const who = side === 'developer' ? 'You' : developer.name;
  return [
    { key: 'opened', words: `${who} opened the engagement.`, at: openedAt },
    ...(dates === null
      ? []
      : [{ key: 'dates', words: `${who} stated planned dates.`, at: dates.statedAt }]),
    ...(releasedAt === null
      ? []
      : [{ key: 'released', words: `${who} released the model.`, at: releasedAt }]),
    ...(leftAt === null ? [] : [{ key: 'left', words: `${who} left.`, at: leftAt }]),
  ];
}

function windowFacts({ id, openedAt, ends, endedAt, asOf }: AccessWindow): readonly Dated[] {
  const over = endedAt ?? (ends <= asOf ? ends : null);
  return [
    { key: `${id} opened`, words: 'A window of early access was opened.', at: openedAt },
    ...(over === null
      ? []
      : [
          {
            key: `${id} over`,
            words: endedAt === null ? 'The window ended by itself.' : 'The window was ended.',
            at: over,
          },
        ]),
  ];
}

function determinationFact({ id, enteredAt }: Determination): Dated {
  return { key: id, words: 'A determination was entered.', at: enteredAt };
}
