import type { Authorization } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { NeverShown } from './never-shown.tsx';
import { Targets } from './scope-shown.tsx';

/** Who, what, when, how fast and when never; and who is to be reached meanwhile. */
export function AuthorizationFacts({ item }: { readonly item: Authorization }) {
  const { pace, parties, roles } = item;
  const who = [...(roles ?? []).map((role) => `every ${role}`), ...(parties ?? []).map(nameOf)];
  const fast = [
    ...(pace.requestsPerSecond === null ? [] : [`${pace.requestsPerSecond} requests a second`]),
    ...(pace.connections === null ? [] : [`${pace.connections} connections at once`]),
  ];
  return (
    <>
      <Facts
        items={[
          ['In scope', <Targets key="in" targets={item.targets} />],
          ...(item.except.length === 0
            ? []
            : [['Out of scope', <Targets key="out" targets={item.except} />] as const]),
          ...(parties === null
            ? []
            : [['Who', who.length === 0 ? 'nobody' : who.join(', ')] as const]),
          [
            'When',
            <>
              <Moment at={item.from} /> to <Moment at={item.until} />
            </>,
          ],
          ['How fast', fast.length === 0 ? 'no bound was set' : `at most ${fast.join(', ')}`],
        ]}
      />
      <NeverShown never={item.never} />
      {item.contact === null ? null : (
        <QuoteBlock text={item.contact} from="To be reached while something runs" />
      )}
    </>
  );
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
