import type { Problem } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useEffect, useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf, useServer } from '../session/server.ts';

interface KeepBodiesProps {
  readonly suite: Id<'suite'>;
  readonly items: readonly Id<'item'>[];
  readonly bodies: readonly { readonly salt: string; readonly item: string }[];
}

/** Sends what is in the items, one after the other; what was kept before a fault is not sent again. */
export function KeepBodies({ suite, items, bodies }: KeepBodiesProps) {
  const client = useServer();
  const [kept, setKept] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isDone = kept === items.length;
  useEffect(() => {
    const [item, body] = [items[kept], bodies[kept]];
    if (problem !== null || item === undefined || body === undefined) return;
    let isLate = false;
    // The same key for the same item: sent twice it is kept once.
    const input = { params: { item }, body, idempotencyKey: `keep-${item}` };
    client.call(suites.keepItem, input).then(
      () => {
        if (!isLate) setKept(kept + 1);
      },
      (cause: unknown) => {
        if (!isLate) setProblem(problemOf(cause));
      },
    );
    return () => {
      isLate = true;
    };
  }, [client, items, bodies, kept, problem]);
  return (
    <>
      <Note tone={isDone ? 'held' : 'plain'} title="The suite is sealed" role="status">
        <p className="small">
          {isDone
            ? `What is in its ${items.length} items is kept here, encrypted.`
            : `Its items are sent: ${kept} of ${items.length} are kept.`}
        </p>
      </Note>
      {problem === null ? null : <ProblemNote problem={problem} />}
      <Buttons>
        {problem === null ? null : <Button onPress={() => setProblem(null)}>Go on sending</Button>}
        <ButtonLink href={pathTo('suite', { suite })} kind={isDone ? 'first' : 'plain'}>
          See the suite
        </ButtonLink>
      </Buttons>
    </>
  );
}
