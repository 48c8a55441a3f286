import { coordinate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Quote } from '../../ui/quote.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Who takes part, as far as the reader may know. */
export function Participants({ id }: { readonly id: Id<'case'> }) {
  const { loaded, reload } = useLoad(coordinate.participants, { params: { case: id } });
  return (
    <section aria-labelledby="participants-title">
      <h2 id="participants-title" className="rail-title">
        Participants
      </h2>
      <Show what="participants" loaded={loaded} reload={reload}>
        {({ items }) => (
          <ul className="people">
            {items.map((person) => (
              <li key={`${person.party.id} ${person.as}`}>
                <span>{person.party.name}</span> <span className="small faint">{person.as}</span>
                {person.reason === null ? null : (
                  <p className="small soft">
                    Told before the case was reproduced: <Quote text={person.reason} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
      </Show>
    </section>
  );
}
