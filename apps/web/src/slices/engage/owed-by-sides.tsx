import { type Engagement, type Owed as OwedTold, sides } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Ago } from '../../ui/moment.tsx';
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

/** `engagement` null: its reader may not open the terms. */
function itemOf(owed: OwedTold, engagement: Engagement['id'] | null): Owed {
  const { what, kind, about, since, doneAt } = owed;
  const terms = about === null || engagement === null ? null : parseId('terms', about);
  const words = owedWords(owed);
  return {
    key: `${what} ${kind} ${about}`,
    what:
      terms === null || engagement === null ? (
        words
      ) : (
        <a href={pathTo('terms', { engagement, terms })}>{words}</a>
      ),
    when:
      doneAt === null ? (
        <>
          owed since <Ago at={since} />
        </>
      ) : (
        <>
          done <Ago at={doneAt} />
        </>
      ),
    isDone: doneAt !== null,
  };
}
