import { type Engagement, type Owed as OwedTold, sides } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Ago, Time } from '../../ui/moment.tsx';
import { type Owed, OwedBy } from '../../ui/owed.tsx';
import { owedWords, owerWords } from './words.ts';

/** What each side owes the other, the reader's own first. */
export function OwedBySides({ engagement }: { readonly engagement: Engagement }) {
  const { side: reader, owed, sees } = engagement;
  const order = sides.toSorted((a, b) => Number(b === reader) - Number(a === reader));
  return (
    <div className="owed-sides">
      {order.map((side) => (
        <OwedBy
          key={side}
          title={owerWords(side, reader)}
          nothing="Nothing."
          items={owed
            .filter((each) => each.side === side)
            .map((each) => itemOf(each, sees === 'summary' ? null : engagement.id))}
        />
      ))}
    </div>
  );
}

/** `engagement` null: its reader may not open what it is about. */
function itemOf(owed: OwedTold, engagement: Engagement['id'] | null): Owed {
  const { what, kind, about, since, doneAt } = owed;
  const href = about === null || engagement === null ? null : hrefOf(about, engagement);
  const words = owedWords(owed);
  return {
    key: `${what} ${kind} ${about}`,
    what: href === null ? words : <a href={href}>{words}</a>,
    when:
      doneAt === null ? (
        <>
          since <Time at={since} />
        </>
      ) : (
        <>
          done <Ago at={doneAt} />
        </>
      ),
    isDone: doneAt !== null,
  };
}

/** The page of the terms, window or grant that something is about. */
function hrefOf(about: string, engagement: Engagement['id']): string | null {
  const [terms, window, grant] = [
    parseId('terms', about),
    parseId('window', about),
    parseId('grant', about),
  ];
  if (terms !== null) return pathTo('terms', { engagement, terms });
  if (window !== null) return pathTo('window', { window });
  return grant === null ? null : pathTo('grant', { grant });
}
