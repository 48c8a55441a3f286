import type { Problem } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { ProblemNote } from './problem-note.tsx';

interface ActFormProps {
  /** What the button says: the act itself, such as `Merge`. */
  readonly label: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Why it cannot be done yet. */
  readonly reason?: string | null;
  /** What stands there now, shown when somebody else changed it meanwhile. */
  readonly now?: ReactNode;
  readonly danger?: boolean;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/**
 * A form for one act. Where somebody else changed the thing meanwhile nothing is lost: what was
 * written stays in the form, what stands now is shown beside it, and pressing again applies to that.
 */
export function ActForm(props: ActFormProps) {
  const { label, busy, problem, reason, now, danger = false, onSubmit, children } = props;
  const changed = problem?.code === 'changed-since';
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null || reason === undefined) onSubmit();
      }}
    >
      {children}
      {changed ? (
        <Note tone="warn" title="This changed while you were writing" role="alert">
          <p className="small">
            Nothing was done. What you wrote still stands above. This is how it is now:
          </p>
          <div className="small">{now ?? 'The page behind this shows it.'}</div>
        </Note>
      ) : null}
      {problem === null || changed ? null : <ProblemNote problem={problem} />}
      <Buttons>
        <Button
          type="submit"
          kind={danger ? 'danger' : 'first'}
          busy={busy && `${label}…`}
          reason={reason}
        >
          {changed ? `${label} all the same` : label}
        </Button>
      </Buttons>
    </form>
  );
}
