import type { Output } from '@breakwater/contract';
import { record } from '@breakwater/contract';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { useMay } from '../session/me.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

type Letter = Output<typeof record.deadLetters>['items'][number];

/** Work that failed for good, each to be tried again when its cause is mended. */
export function DeadLetters() {
  const { loaded, reload } = useLoad(record.deadLetters, {});
  return (
    <Section
      id="failed"
      title="Work that failed for good"
      lede="Tried several times without success. Mend the cause, then try again; nothing is lost until then."
    >
      <Show what="the failed work" loaded={loaded} reload={reload}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>Nothing failed.</Empty>
          ) : (
            <ul className="grid gap-4">
              {items.map((letter) => (
                <li key={letter.id}>
                  <Failed letter={letter} />
                </li>
              ))}
            </ul>
          )
        }
      </Show>
    </Section>
  );
}

function Failed({ letter }: { readonly letter: Letter }) {
  const may = useMay();
  const say = useSay();
  const { act, busy, problem } = useAct(record.replay);
  return (
    <>
      <Facts
        items={[
          ['Work', <code key="job">{letter.job}</code>],
          ['About', <code key="subject">{letter.subject}</code>],
          ['Failed', <Time key="at" at={letter.failedAt} />],
          ['Last error', <code key="error">{letter.error}</code>],
        ]}
      />
      {may(record.replay) ? (
        <Button
          busy={busy && 'Trying…'}
          label={`Try ${letter.job} again`}
          onPress={() => act({ params: { id: letter.id } }, () => say('It is tried again.'))}
        >
          Try again
        </Button>
      ) : null}
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
