import type { AccessGrant, AccessWindow } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/section.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { AddPerson } from './add-person.tsx';
import { isOver } from './days.ts';
import { PersonInside } from './person-inside.tsx';

/** Who is or was inside, for what, what they took out, and what they owe. */
export function Inside({ window }: { readonly window: AccessWindow }) {
  const { id, inside } = window;
  const [adding, setAdding] = useState(false);
  const read = useLoad(earlyAccess.accessList, { params: { window: id } });
  return (
    <Section
      id="inside"
      title="Who is inside"
      lede={
        inside === null
          ? 'Each by name.'
          : `Each by name, at most ${inside.personsMax}. Access is active once the person accepted all six protections.`
      }
    >
      <Show what="who is inside" {...read}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nobody was added">
              <p>Nobody reaches the model by this window until a person is added by name.</p>
            </EmptyState>
          ) : (
            <ul className="people-inside">
              {ordered(items).map((grant) => (
                <PersonInside key={grant.id} grant={grant} />
              ))}
            </ul>
          )
        }
      </Show>
      {isOver(window) ? null : (
        <div className="mt-4">
          <Buttons>
            <Button onPress={() => setAdding(true)}>Add a person</Button>
          </Buttons>
        </div>
      )}
      {adding ? <AddPerson window={id} onDone={() => setAdding(false)} /> : null}
    </Section>
  );
}

/** Whoever has access first, then whoever owes something. */
function ordered(items: readonly AccessGrant[]): readonly AccessGrant[] {
  const rank = ({ active, owed, revokedAt }: AccessGrant) => {
    if (active) return 0;
    if (owed !== null) return 1;
    return revokedAt === null ? 2 : 3;
  };
  return items.toSorted((a, b) => rank(a) - rank(b));
}
