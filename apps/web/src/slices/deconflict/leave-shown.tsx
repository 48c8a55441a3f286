import type { Method, Output } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useLoad } from '../session/server.ts';
import { methodWords, reasonWords } from './words.ts';

interface LeaveListProps {
  readonly target: string;
  readonly methods: readonly Method[];
}

/** May each of these methods be used there now, and if not, why. Without leave the answer is no. */
export function LeaveList({ target, methods }: LeaveListProps) {
  return (
    <div>
      <h3>May you?</h3>
      <ul className="leave-list">
        {methods.map((method) => (
          <li key={method}>
            <LeaveLine target={target} method={method} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function LeaveLine({ target, method }: { readonly target: string; readonly method: Method }) {
  const { loaded } = useLoad(authorizations.may, { query: { target, method } }, { keepLast: true });
  const name = methodWords[method][0];
  if (loaded.state === 'loading') return <span className="small soft">{name}…</span>;
  if (loaded.state === 'failed') return <span className="small soft">{name}: not known.</span>;
  return <LeaveShown name={name} leave={loaded.data} />;
}

type Leave = Output<typeof authorizations.may>;

/** One answer: yes or no, the reasons, until when, and when to ask again. */
function LeaveShown({ name, leave }: { readonly name: string; readonly leave: Leave }) {
  const { allowed, reasons, until, again } = leave;
  return (
    <span className="small leave">
      <Badge tone={allowed ? 'held' : 'fired'}>{allowed ? 'Yes' : 'No'}</Badge>{' '}
      <strong>{name}.</strong> {reasons.map((reason) => reasonWords[reason]).join(' ')}
      {allowed && until !== null ? (
        <>
          {' '}
          Until <Moment at={until} />.
        </>
      ) : null}
      {!allowed && again !== null ? (
        <>
          {' '}
          Ask again from <Moment at={again} />.
        </>
      ) : null}
    </span>
  );
}
