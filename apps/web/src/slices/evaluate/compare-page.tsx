import { runs } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Select } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { dayAndHour } from '../../ui/time.ts';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { useLoad } from '../session/server.ts';
import { ComparedRuns } from './compared-runs.tsx';
import { NothingSuch } from './nothing-such.tsx';
import { SuiteLink } from './suite-link.tsx';
import type { ListedRun } from './words.ts';

export const screen: Screen = { Page: ComparePage };

/** Two runs of one suite side by side, over the items whose results the reader sees in both. */
function ComparePage({ params, search }: Address) {
  const suite = parseId('suite', params['suite'] ?? '');
  if (suite === null) return <NothingSuch what="suite" />;
  const chosen = [parseId('run', search['a'] ?? ''), parseId('run', search['b'] ?? '')] as const;
  return <Comparing suite={suite} chosen={chosen} />;
}

const runsOffered = 200;

interface ComparingProps {
  readonly suite: Id<'suite'>;
  readonly chosen: readonly [Id<'run'> | null, Id<'run'> | null];
}

function Comparing({ suite, chosen }: ComparingProps) {
  const read = useLoad(runs.runs, {
    query: { suite, state: 'taken-in', limit: runsOffered },
  });
  return (
    <Page
      title="Side by side"
      lede={
        <>
          Two runs of <SuiteLink id={suite} />, item by item, where you may see both.
        </>
      }
    >
      <Show what="the runs" {...read}>
        {({ items }) => <Chosen suite={suite} chosen={chosen} offered={items} />}
      </Show>
    </Page>
  );
}

interface ChosenProps extends ComparingProps {
  readonly offered: readonly ListedRun[];
}

function Chosen({ suite, chosen, offered }: ChosenProps) {
  const go = useGo();
  const [a, b] = chosen.map((id) => offered.find((run) => run.id === id));
  const choose = (side: 'a' | 'b') => (value: string) =>
    go(pathTo('compare', { suite }, { a: a?.id, b: b?.id, [side]: value }), { replace: true });
  const choices = [['', 'Choose a run'], ...offered.map((run) => [run.id, nameOf(run)] as const)];
  const fields = [
    ['One', a, 'a'],
    ['The other', b, 'b'],
  ] as const;
  return (
    <>
      <div className="few-fields few-fields-wide">
        {fields.map(([label, run, side]) => (
          <Select
            key={side}
            label={label}
            value={run?.id ?? ''}
            onChange={choose(side)}
            choices={choices.map(([value = '', words = '']) => [value, words])}
          />
        ))}
      </div>
      {offered.length < 2 ? (
        <Empty>It takes two runs that ended and whose results you may see.</Empty>
      ) : a === undefined || b === undefined ? (
        <Empty>Choose two runs.</Empty>
      ) : a.id === b.id ? (
        <Empty>Choose two different runs.</Empty>
      ) : (
        <ComparedRuns key={`${a.id} ${b.id}`} suite={suite} runs={[a, b]} />
      )}
    </>
  );
}

/** Two runs of one model are told apart by when they began. */
function nameOf({ model, beganAt }: ListedRun): string {
  return `${model ?? 'erased'}, ${dayAndHour(beganAt, localZone())}`;
}
