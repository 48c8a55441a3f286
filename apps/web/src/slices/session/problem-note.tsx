import type { Problem } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { Loading, Note } from '../../ui/note.tsx';
import type { Loaded } from './server.ts';

interface ProblemNoteProps {
  readonly problem: Problem;
  readonly retry?: () => void;
}

/** A refusal as a person needs it: expected, came, to do (RFC 9457). */
export function ProblemNote({ problem, retry }: ProblemNoteProps) {
  return (
    <Note tone="fired" title={problem.title} role="alert">
      <Facts
        items={[
          ['Expected', problem.expected],
          ['Came', problem.got],
          ['To do', problem.todo],
        ]}
      />
      <p className="small faint">
        Code <code>{problem.code}</code>
        {problem.status === 0 ? null : ` · status ${problem.status}`}
        {problem.pointer === undefined ? null : ` · at ${problem.pointer}`}
      </p>
      {retry === undefined ? null : (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </Note>
  );
}

interface ShowProps<T> {
  readonly what: string;
  readonly loaded: Loaded<T>;
  readonly reload: () => void;
  readonly children: (data: T) => ReactNode;
}

/** Loading, refused or there: each of the three is shown. */
export function Show<T>({ what, loaded, reload, children }: ShowProps<T>) {
  switch (loaded.state) {
    case 'loading':
      return <Loading what={what} />;
    case 'failed':
      return <ProblemNote problem={loaded.problem} retry={reload} />;
    case 'ready':
      return children(loaded.data);
  }
}
