import type { Method, Output, QuietPeriod, Wishes } from '@breakwater/contract';
import { authorizations, wishes } from '@breakwater/contract';
import { isLive, type Target } from '@breakwater/scope';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { QuoteBlock, RawText } from '../../ui/quote.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { quietWords } from './quiet-words.ts';
import { methodWords, reasonWords } from './words.ts';

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
      {isLive(target) ? <LeaveList target={target.text} methods={methods} /> : null}
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

/** One statement of wishes, with where it comes from. */
export function WishesShown({ item }: { readonly item: Wishes }) {
  const { optOut, quiet, quietUntil, pace, channels, policies, threatModel } = item;
  return (
    <article className="wishes">
      <p className="small">
        <code>{item.target}</code>{' '}
        {item.state === 'held' ? null : <Badge>{item.state}</Badge>}
      </p>
      {optOut === null ? null : (
        <Note tone="fired" title="The owner wants no search here">
          {optOut.words === null ? null : <QuoteBlock text={optOut.words} />}
        </Note>
      )}
      {quietUntil === null ? null : (
        <Note tone="warn" title="Quiet now">
          <p className="small">
            The owner wants nobody to look until <Moment at={quietUntil} />.
          </p>
        </Note>
      )}
      <Facts
        items={[
          ...(quiet.length === 0
            ? []
            : [['Quiet', <Quiet key="quiet" periods={quiet} />] as const]),
          ...(pace === null ? [] : [['Pace', paceWords(pace)] as const]),
          ...(channels.length === 0
            ? []
            : [
                [
                  'Tell',
                  <ul key="tell">
                    {channels.map(({ kind, address }) => (
                      <li key={`${kind} ${address}`}>
                        {kind === 'here' ? 'through a case here' : <code>{address}</code>}
                      </li>
                    ))}
                  </ul>,
                ] as const,
              ]),
          ...(policies.length === 0
            ? []
            : [
                [
                  'Policy',
                  <ul key="policy">
                    {policies.map((url) => (
                      <li key={url}>
                        <code>{url}</code>
                      </li>
                    ))}
                  </ul>,
                ] as const,
              ]),
        ]}
      />
      {threatModel === null ? null : <RawText label="Threat model" text={threatModel} />}
      <NotVulnerabilities items={item.notVulnerabilities} />
      {item.quoted === null ? null : <RawText label="The file they publish" text={item.quoted} />}
      <p className="small faint">{sourceWords(item)}</p>
    </article>
  );
}

function Quiet({ periods }: { readonly periods: readonly QuietPeriod[] }) {
  return (
    <ul>
      {periods.map((period) => (
        <li key={JSON.stringify(period)}>{quietWords(period)}</li>
      ))}
    </ul>
  );
}

function NotVulnerabilities({ items }: { readonly items: Wishes['notVulnerabilities'] }) {
  if (items.length === 0) return null;
  return (
    <details className="fold">
      <summary>Not a vulnerability to them ({items.length})</summary>
      <ul className="small not-vulnerable">
        {items.map(({ weakness, path, words }) => (
          <li key={`${weakness} ${path} ${words}`}>
            <code>{weakness ?? 'any class'}</code> in <code>{path ?? 'any path'}</code>
            {words === null ? null : <QuoteBlock text={words} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

function paceWords({ capacityPerWeek, paused }: NonNullable<Wishes['pace']>): string {
  if (paused) return 'paused: nothing new comes to them now';
  return capacityPerWeek === null ? 'cases as they come' : `${capacityPerWeek} cases a week`;
}

const formWords = {
  form: 'Stated here',
  'security-txt': 'From their security.txt',
  'security-md': 'From their SECURITY.md',
  'csaf-provider': 'From their CSAF provider metadata',
  federation: 'From another installation’s feed',
} as const;

function sourceWords({ source }: Wishes): string {
  return `${formWords[source.form]}${source.from === null ? '' : `, ${source.from}`}, by ${source.by.name}`;
}

interface LeaveListProps {
  readonly target: string;
  readonly methods: readonly Method[];
}

/** May each of these methods be used there now, and if not, why. Without leave the answer is no. */
function LeaveList({ target, methods }: LeaveListProps) {
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
export function LeaveShown({ name, leave }: { readonly name: string; readonly leave: Leave }) {
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
