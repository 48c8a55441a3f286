import { claims, methods } from '@breakwater/contract';
import { useEffect, useRef, useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { useGo } from '../session/go.ts';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { useAct, useLoad } from '../session/server.ts';
import { searchOf } from './claim-draft.ts';
import { CoverageChart } from './coverage-chart.tsx';
import type { CoverageItem } from './coverage-rows.ts';
import { daysOf, restOf } from './coverage-rows.ts';
import { WithReason } from './desk/with-reason.tsx';
import { Targets } from './scope-shown.tsx';
import { classesWords, targetsOf } from './scope-words.ts';
import { readTarget, TargetField } from './target-field.tsx';
import { methodsWords, outcomeWords } from './words.ts';

export const screen: Screen = { Page: CoveragePage };

const spans = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
] as const;

/** What of a target is covered now and was before, by day, and never by whom. */
function CoveragePage({ search }: Address) {
  const go = useGo();
  const [text, setText] = useState(search['target'] ?? '');
  const days = spans.find(([value]) => value === search['days'])?.[0] ?? '30';
  const read = readTarget(useSettled(text, 400));
  const asked = read.state === 'read' ? read.target.text : null;
  const told = useRef(search['target'] ?? null);
  useEffect(() => {
    // By what was typed alone: the address changes as well when the reader goes somewhere else.
    if (asked === null || asked === told.current) return;
    told.current = asked;
    go(pathOf('coverage', { target: asked, days }), { replace: true });
  }, [asked, days, go]);
  return (
    <Page
      title="Coverage"
      lede="What is being looked at, and what was: so that nobody does again what is done. By whom, nobody is told."
      actions={<ClaimLink target={asked} />}
    >
      <div className="coverage-ask">
        <TargetField
          label="Of what?"
          hint="All below it is shown as well."
          value={text}
          onChange={setText}
        />
        <Select
          label="Looking back"
          hint="From today, by day in UTC."
          value={days}
          onChange={(value) =>
            go(pathOf('coverage', { target: asked ?? undefined, days: value }), { replace: true })
          }
          choices={spans}
        />
      </div>
      {asked === null ? <NotAsked /> : <CoverageOf target={asked} days={Number(days)} />}
    </Page>
  );
}

function ClaimLink({ target }: { readonly target: string | null }) {
  const may = useMay();
  if (!may(claims.claim)) return null;
  return (
    <ButtonLink href={pathOf('claim', target === null ? {} : { targets: target })} kind="first">
      Claim
    </ButtonLink>
  );
}

function NotAsked() {
  return (
    <EmptyState title="Name a target">
      <p>
        Such as <code>github.com/curl/curl</code>, <code>pkg:npm/lodash</code> or{' '}
        <code>*.example.org</code>. Then each line is a place and each bar some days on which
        somebody looked at it, with the methods and classes of weakness.
      </p>
      <p>Who looked is told nobody; claims that are kept off the map do not stand on it.</p>
    </EmptyState>
  );
}

const columns: readonly Column<CoverageItem>[] = [
  { key: 'target', head: 'Where', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  { key: 'how', head: 'How', cell: ({ scope }) => methodsWords(scope.methods) },
  {
    key: 'for',
    head: 'For',
    cell: ({ scope }) => classesWords(scope.weaknesses, scope.exceptWeaknesses),
  },
  { key: 'when', head: 'When', cell: (item) => <When item={item} /> },
  {
    key: 'act',
    head: 'Act',
    cell: (item) => (
      <>
        <Rest item={item} />
        {item.struck === null
          ? item.records.map((record) => <Strike key={record} record={record} item={item} />)
          : null}
      </>
    ),
  },
];

function When({ item }: { readonly item: CoverageItem }) {
  const { when, outcome, struck } = item;
  return (
    <>
      {when === 'now' ? (
        <Badge tone="sea">Now</Badge>
      ) : when === 'ahead' ? (
        <Badge>Ahead</Badge>
      ) : (
        <Badge tone={outcome === 'nothing-found' ? 'held' : 'plain'}>
          {outcome === null ? 'Before' : outcomeWords[outcome]}
        </Badge>
      )}{' '}
      {struck === null ? null : <Badge>Struck by a coordinator</Badge>}{' '}
      <span className="num days">{daysOf(item)}</span>
      {struck?.reason == null ? null : <p className="small">“{struck.reason}”</p>}
    </>
  );
}

/** Coordinators alone are told the records. */
function Strike({
  record,
  item,
}: {
  readonly record: CoverageItem['records'][number];
  readonly item: CoverageItem;
}) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.strikeCoverage);
  return (
    <WithReason
      act="Strike it"
      name={`Strike it: what was covered of ${targetsOf(item.scope).join(', ')}`}
      title="Strike what was said to be covered?"
      lede="It stays on the map as struck, for everybody. Whoever said it reads your reason; so does the record."
      busy={busy}
      problem={problem}
      onSend={(reason, done) =>
        act({ body: { record, reason } }, () => {
          say('It is struck.');
          done();
        })
      }
    />
  );
}

function Rest({ item }: { readonly item: CoverageItem }) {
  const may = useMay();
  if (!may(claims.claim)) return null;
  const href = hrefOfRest(item);
  return (
    <a href={href}>
      {item.when === 'before' ? 'Look again' : 'Claim the rest'}
      <span className="unseen"> of {targetsOf(item.scope).join(', ')}</span>
    </a>
  );
}

function hrefOfRest(item: CoverageItem): string {
  return pathOf('claim', searchOf(restOf(item, methods)));
}

function CoverageOf({ target, days }: { readonly target: string; readonly days: number }) {
  const go = useGo();
  const may = useMay();
  const read = useLoad(claims.map, { body: { target, days } });
  const mayClaim = may(claims.claim);
  return (
    <Show what="what is covered" {...read}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title="Nothing is covered here" actions={<ClaimLink target={target} />}>
            <p>
              In these days nobody looked at <code>{target}</code>, or nobody who says so.
            </p>
          </EmptyState>
        ) : (
          <>
            <CoverageChart
              items={items}
              days={days}
              onPick={(item) => (mayClaim ? go(hrefOfRest(item)) : undefined)}
            />
            <Table
              caption={`What is covered of ${target}`}
              columns={columns}
              rows={items}
              keyOf={(item) => JSON.stringify(item)}
            />
          </>
        )
      }
    </Show>
  );
}
