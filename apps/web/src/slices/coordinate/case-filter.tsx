import type { CaseFilter, CaseSort } from '@breakwater/contract';
import { caseSorts, stages, waits } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useEffect, useRef, useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import type { Choice } from '../../ui/field.tsx';
import { useGo } from '../session/go.ts';
import { stageWords } from './stage-path.ts';
import { waitWords } from './words.ts';

export type CaseSearch = CaseFilter & { readonly sort?: CaseSort | undefined };

const sortWords = {
  newest: 'newest first',
  changed: 'last changed',
  'embargo-end': 'embargo ends soonest',
  due: 'due soonest',
  package: 'package',
} as const satisfies Record<CaseSort, string>;

/** The filter that an address says; what it says wrongly is left out. */
export function searchOf(search: Readonly<Record<string, string>>): CaseSearch {
  const { stage, waiting, overdue, text, sort } = search;
  const owner = parseId('party', search['owner'] ?? '');
  const given = {
    stage: stages.find((one) => one === stage),
    waiting: waits.find((one) => one === waiting),
    overdue: overdue === 'true' ? ('true' as const) : undefined,
    owner: owner ?? undefined,
    package: search['package'] === '' ? undefined : search['package'],
    text: (text?.trim().length ?? 0) >= 2 ? text?.trim() : undefined,
    sort: caseSorts.find((one) => one === sort),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** How long after the last letter the address follows what is written. */
const pauseMs = 180;

/** What narrows the list. All of it stands in the address: it can be kept, shared and gone back from. */
export function CaseFilterBar({ search }: { readonly search: CaseSearch }) {
  const go = useGo();
  const set = (change: Partial<Record<keyof CaseSearch, string>>): void => {
    go(pathOf('cases', { ...search, ...change }), { replace: true });
  };
  const order: readonly Choice[] = caseSorts.map((one) => [one, sortWords[one]]);
  return (
    <search className="filter no-print">
      <Text
        label="Words"
        value={search.text ?? ''}
        placeholder="Words of the title"
        onSettled={(text) => set({ text })}
      />
      <Text
        label="Package"
        value={search.package ?? ''}
        placeholder="pkg:npm/"
        onSettled={(text) => set({ package: text })}
      />
      <Pick
        label="Stage"
        value={search.stage ?? ''}
        choices={[['', 'every stage'], ...stages.map((one): Choice => [one, stageWords(one)])]}
        onPick={(stage) => set({ stage })}
      />
      <Pick
        label="Waits for"
        value={search.waiting ?? ''}
        choices={[['', 'anybody'], ...waits.map((one): Choice => [one, waitWords[one]])]}
        onPick={(waiting) => set({ waiting })}
      />
      <Pick
        label="Due"
        value={search.overdue ?? ''}
        choices={[
          ['', 'whenever'],
          ['true', 'overdue'],
        ]}
        onPick={(overdue) => set({ overdue, sort: overdue === '' ? '' : 'due' })}
      />
      <Pick
        label="Order"
        value={search.sort ?? 'newest'}
        choices={order}
        onPick={(sort) => set({ sort: sort === 'newest' ? '' : sort })}
      />
      {Object.keys(search).length === 0 ? null : (
        <a className="small filter-clear" href={pathOf('cases')}>
          Clear
        </a>
      )}
    </search>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onPick: (value: string) => void;
}

function Pick({ label, value, choices, onPick }: PickProps) {
  return (
    <label className="filter-part">
      <span>{label}</span>
      <select
        className="input"
        value={value}
        data-set={value !== '' && value !== 'newest' ? true : undefined}
        onChange={(event) => onPick(event.target.value)}
      >
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onSettled: (value: string) => void;
}

/** Text that moves the list once the writer pauses. */
function Text({ label, value, placeholder, onSettled }: TextProps) {
  const [text, setText] = useState(value);
  const settled = useRef(onSettled);
  settled.current = onSettled;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => settled.current(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <label className="filter-part filter-text">
      <span>{label}</span>
      <input
        className="input"
        type="search"
        value={text}
        maxLength={200}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
