import type { Method, Output } from '@breakwater/contract';
import { wishes } from '@breakwater/contract';
import { isLive, needsLeave, type Target } from '@breakwater/scope';
import { Moment } from '../../ui/moment.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { LeaveList } from './leave-shown.tsx';
import { WishesShown } from './wishes-shown.tsx';

interface OwnerSaysProps {
  readonly target: Target;
  readonly methods: readonly Method[];
}

/** What the owner of a place wants, before anybody begins there; and whether leave is needed. */
export function OwnerSays({ target, methods }: OwnerSaysProps) {
  const read = useLoad(wishes.wishes, { query: { target: target.text } }, { keepLast: true });
  return (
    <>
      <p className="small">
        <code>{target.text}</code>
      </p>
      {needsLeave(target, methods) ? <LeaveList target={target.text} methods={methods} /> : null}
      <Show what="the owner’s wishes" {...read}>
        {(found) => <WishesFound found={found} live={isLive(target)} />}
      </Show>
    </>
  );
}

type Found = Output<typeof wishes.wishes>;

function WishesFound({ found, live }: { readonly found: Found; readonly live: boolean }) {
  const { items, programs, audits } = found;
  const held = items.filter(({ state }) => state === 'held');
  if (held.length + programs.length + audits.length === 0) {
    return (
      <p className="small soft">
        {live
          ? 'Its owner has stated no wishes here.'
          : 'Its owner has stated no wishes here. Reading and local fuzzing of open source need no leave.'}
      </p>
    );
  }
  return (
    <ul className="owner-says">
      {held.map((item) => (
        <li key={item.id}>
          <WishesShown item={item} />
        </li>
      ))}
      {programs.map(({ program, scopes }) => (
        <li key={program.id}>
          <p className="small">
            <strong>{program.name}</strong> publishes a disclosure program. It is information and by
            itself nobody’s leave.
          </p>
          <ul className="small soft">
            {scopes.slice(0, 8).map(({ written, says }) => (
              <li key={written}>
                {says === 'in' ? 'In scope: ' : says === 'out' ? 'Out of scope: ' : 'Named: '}
                <code>{written}</code>
              </li>
            ))}
          </ul>
          <p className="small faint">
            From {program.source.name}, <Moment at={program.source.at} />
          </p>
        </li>
      ))}
      {audits.map(({ advisory, repository, at, from }) => (
        <li key={`${repository} ${advisory} ${from}`} className="small soft">
          The fix of <code>{advisory}</code> was audited and holds (<Moment at={at} />, {from}).
        </li>
      ))}
    </ul>
  );
}
