import type { Method, Output } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useLoad } from '../session/server.ts';
import { AuthorizationFacts } from './authorization-facts.tsx';
import { methodsWords, methodWords, reasonWords } from './words.ts';

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
      <Scopes target={target} />
    </div>
  );
}

/** What whoever begins there has to keep to: the places, the pace, the hours, whom to call. */
function Scopes({ target }: Pick<LeaveListProps, 'target'>) {
  const { loaded } = useLoad(
    authorizations.authorizations,
    { query: { target, which: 'for-me' } },
    { keepLast: true },
  );
  if (loaded.state !== 'ready') return null;
  const inForce = loaded.data.items.filter(({ state }) => state === 'in-force');
  return inForce.map((item) => (
    <article key={item.id} className="wishes mt-3" aria-label={`Allowed by ${item.owner.name}`}>
      <p className="small">
        <strong>{item.owner.name}</strong> allows {methodsWords(item.methods)}:
      </p>
      <AuthorizationFacts item={item} />
    </article>
  ));
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
