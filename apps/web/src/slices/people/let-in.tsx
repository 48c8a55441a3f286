import { collect } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

/** Has findings of a party that wait find their cases, where a coordinator knows it for no guesser. */
export function LetIn({ party }: { readonly party: Id<'party'> }) {
  const { act, busy, problem } = useAct(collect.letIn);
  const [waited, setWaited] = useState<number | null>(null);
  return (
    <Section
      id="waiting"
      title="Findings that wait"
      lede="A party that met twenty cases of others in a day by places, names or fingerprints waits with the rest, so that nobody can try out what is known here. Of one you know you may let in what waits."
    >
      <Button
        busy={busy && 'Letting in…'}
        onPress={() => act({ params: { party } }, ({ waiting }) => setWaited(waiting))}
      >
        Let in what waits
      </Button>
      {waited === null ? null : <p role="status">{letInWords(waited)}</p>}
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Section>
  );
}

function letInWords(waited: number): string {
  if (waited === 0) return 'Nothing waits.';
  return waited === 1
    ? 'One finding finds its case within a minute.'
    : `${waited} findings find their cases within a minute.`;
}
