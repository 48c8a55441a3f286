import type { Case } from '@breakwater/contract';
import { coordinate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

interface CaseOfProps {
  readonly params: Readonly<Record<string, string>>;
  readonly children: (shown: Case) => ReactNode;
}

/** The case that the address names, or a page that says why it is not shown. */
export function CaseOf({ params, children }: CaseOfProps) {
  const id = parseId('case', params['case'] ?? '');
  if (id === null) {
    return (
      <Page title="There is no such case" width="narrow">
        <p>A case’s address ends in its id: case_ and 26 small letters and digits.</p>
      </Page>
    );
  }
  return <Known id={id}>{children}</Known>;
}

interface KnownProps {
  readonly id: Id<'case'>;
  readonly children: (shown: Case) => ReactNode;
}

function Known({ id, children }: KnownProps) {
  const { loaded, reload } = useLoad(coordinate.get, { params: { case: id } });
  switch (loaded.state) {
    case 'loading':
      return (
        <main className="page" id="content" tabIndex={-1}>
          <Skeleton what="the case" lines={6} />
        </main>
      );
    case 'failed':
      return (
        <Page title="This case cannot be shown" width="narrow">
          <ProblemNote problem={loaded.problem} retry={reload} />
        </Page>
      );
    case 'ready':
      return children(loaded.data);
  }
}
