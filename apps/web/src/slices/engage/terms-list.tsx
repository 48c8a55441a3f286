import type { Engagement, Terms, TermsKind } from '@breakwater/contract';
import { terms, termsKinds } from '@breakwater/contract';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { ProposeTerms } from './propose-terms.tsx';
import { signedWords } from './signatures.tsx';
import { kindWords } from './words.ts';

interface Row {
  readonly kind: TermsKind;
  /** The newest first. */
  readonly versions: readonly Terms[];
  readonly onPropose: (() => void) | null;
}

const columns: readonly Column<Row>[] = [
  { key: 'kind', head: 'Terms', cell: ({ kind }) => kindWords[kind][0] },
  {
    key: 'force',
    head: 'Signed by both',
    cell: ({ versions }) => <Version terms={versions.find(({ inForce }) => inForce)} none="none" />,
  },
  {
    key: 'newest',
    head: 'Proposed since',
    cell: ({ versions }) => {
      const [newest] = versions;
      return newest === undefined || newest.inForce ? (
        <span className="faint">nothing</span>
      ) : (
        <>
          <Version terms={newest} none="" />, {signedWords(newest)}
        </>
      );
    },
  },
  {
    key: 'act',
    head: 'Act',
    cell: ({ kind, onPropose }) =>
      onPropose === null ? (
        <span className="faint">none</span>
      ) : (
        <Button kind="quiet" label={`Propose: ${kindWords[kind][0]}`} onPress={onPropose}>
          Propose
        </Button>
      ),
  },
];

interface VersionProps {
  readonly terms: Terms | undefined;
  readonly none: string;
}

function Version({ terms: version, none }: VersionProps) {
  if (version === undefined) return <span className="missing">{none}</span>;
  const { id, engagement, kind, version: number } = version;
  return (
    <a href={pathTo('terms', { engagement, terms: id })}>
      version {number}
      <span className="unseen"> of {kindWords[kind][0]}</span>
    </a>
  );
}

/** Each kind of terms: what both signed, and what was proposed since. */
export function TermsList({ engagement }: { readonly engagement: Engagement }) {
  const { id, side, leftAt } = engagement;
  const [proposing, setProposing] = useState<TermsKind | null>(null);
  const read = useLoad(terms.list, { params: { engagement: id } });
  const canPropose = side !== null && leftAt === null;
  return (
    <>
      <Show what="the terms" {...read}>
        {({ items }) => (
          <Table
            caption="Terms"
            columns={canPropose ? columns : columns.slice(0, 3)}
            rows={termsKinds.map((kind) => ({
              kind,
              versions: versionsOf(items, kind),
              onPropose: canPropose ? () => setProposing(kind) : null,
            }))}
            keyOf={({ kind }) => kind}
          />
        )}
      </Show>
      {proposing === null ? null : (
        <ProposeTerms
          engagement={id}
          kind={proposing}
          newest={
            read.loaded.state === 'ready'
              ? versionsOf(read.loaded.data.items, proposing)[0]
              : undefined
          }
          onDone={() => setProposing(null)}
        />
      )}
    </>
  );
}

function versionsOf(items: readonly Terms[], kind: TermsKind): readonly Terms[] {
  return items.filter((each) => each.kind === kind).toSorted((a, b) => b.version - a.version);
}
