import { claims, type Wait } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Section } from '../../ui/section.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { Targets } from './scope-shown.tsx';
import { scopeWords, targetsOf } from './scope-words.ts';

const stateWords = {
  waiting: ['Waiting', 'sea'],
  granted: ['Granted', 'held'],
  'given-up': ['Given up', 'plain'],
  withdrawn: ['Left', 'plain'],
  ended: ['Ended', 'plain'],
} as const;

const columns: readonly Column<Wait>[] = [
  { key: 'where', head: 'Where', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  { key: 'what', head: 'What', cell: ({ scope }) => scopeWords(scope) },
  {
    key: 'state',
    head: 'State',
    cell: ({ state, reason }) => (
      <>
        <Badge tone={stateWords[state][1]}>{stateWords[state][0]}</Badge>
        {reason === null ? null : <p className="small">A coordinator: “{reason}”</p>}
      </>
    ),
  },
  { key: 'since', head: 'Since', cell: ({ since }) => <Ago at={since} brief /> },
  { key: 'gives-up', head: 'Ends', cell: ({ giveUpAt }) => <Ago at={giveUpAt} brief /> },
  { key: 'act', head: 'Act', cell: (wait) => <Leave wait={wait} /> },
];

/** What one stands in line for; no place where one stands in none. */
export function Waits() {
  const { loaded } = useLoad(claims.listWaits, {});
  if (loaded.state !== 'ready' || loaded.data.items.length === 0) return null;
  return (
    <Section
      id="waits"
      title="In line"
      lede="It becomes yours when it frees, in the published order. Who else waits is told nobody."
    >
      <Table
        caption="What you stand in line for"
        columns={columns}
        rows={loaded.data.items}
        keyOf={({ id }) => id}
      />
    </Section>
  );
}

function Leave({ wait }: { readonly wait: Wait }) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.withdrawWait);
  if (wait.state !== 'waiting') return <span className="faint">none</span>;
  return (
    <>
      <Button
        kind="quiet"
        busy={busy && 'Leaving…'}
        onPress={() => act({ params: { wait: wait.id } }, () => say('You left the line.'))}
      >
        Leave the line
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
