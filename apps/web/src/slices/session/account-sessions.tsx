import type { Session } from '@breakwater/contract';
import { session } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote, Show } from './problem-note.tsx';
import { useAct, useLoad } from './server.ts';

const howWords = {
  link: 'a link',
  passkey: 'a passkey',
  organization: 'your organization',
} as const satisfies Record<Session['how'], string>;

/** Where one is signed in, and a cut for each. */
export function Sessions() {
  const sessions = useLoad(session.list, {});
  return (
    <Section
      id="sessions"
      title="Sessions"
      lede="Where you are signed in. A cut takes effect at once."
    >
      <Show what="sessions" {...sessions}>
        {({ items }) => (
          <>
            <Table
              caption="Sessions"
              keyOf={({ id }) => id}
              rows={items}
              columns={[
                {
                  key: 'device',
                  head: 'Device',
                  cell: ({ device, current }) => (
                    <>
                      {device} {current ? <Badge tone="sea">this one</Badge> : null}
                    </>
                  ),
                },
                { key: 'how', head: 'Signed in with', cell: ({ how }) => howWords[how] },
                {
                  key: 'seen',
                  head: 'Last seen',
                  cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} />,
                },
                { key: 'ends', head: 'Ends', cell: ({ endsAt }) => <Ago at={endsAt} /> },
                { key: 'act', head: 'Act', cell: (one) => <Cut one={one} /> },
              ]}
            />
            {items.length > 1 ? <CutOthers /> : null}
          </>
        )}
      </Show>
    </Section>
  );
}

function Cut({ one }: { readonly one: Session }) {
  const { act, busy, problem } = useAct(session.cut);
  if (one.current) return <span className="faint">sign out instead</span>;
  return (
    <>
      <Button
        kind="danger"
        label={`Cut off ${one.device}`}
        busy={busy && 'Cutting off…'}
        onPress={() => act({ body: { session: one.id } }, () => {})}
      >
        Cut off
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}

function CutOthers() {
  const say = useSay();
  const { act, busy, problem } = useAct(session.cut);
  return (
    <Buttons>
      <Button
        kind="danger"
        busy={busy && 'Cutting off…'}
        onPress={() => act({ body: { others: true } }, ({ cut }) => say(`${cut} cut off.`))}
      >
        Cut off all others
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Buttons>
  );
}
