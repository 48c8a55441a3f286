import type { Card, Notice } from '@breakwater/contract';
import { helpers } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Facts } from '../../ui/facts.tsx';
import { localZone, Moment, useNow } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { dayAndHour, offsetOf } from '../../ui/time.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { becauseOf, dueWords } from './due.ts';
import { HandOver } from './hand-over.tsx';
import { statusWords } from './notice-status.ts';
import { Receipt } from './receipt.tsx';
import { TestedPatch } from './tested-patch.tsx';

interface NoticeCardProps {
  readonly notice: Notice;
  readonly onReceipt: () => void;
}

/** Everything an operator must do, in plain words, on one card. */
export function NoticeCard({ notice, onReceipt }: NoticeCardProps) {
  const { card, status } = notice;
  const mine = status === 'open' || status === 'helper';
  return (
    <article className="card" aria-labelledby={`${notice.id}-headline`} id={notice.id}>
      <p className="card-top small">
        <Badge tone={mine ? 'warn' : 'held'}>
          {status === 'open' ? 'To do' : statusWords(status)}
        </Badge>
        <span className="soft">
          {notice.asHelper ? 'For somebody you help' : notice.inventory.name}
        </span>
      </p>
      <CardBody card={card} headlineId={`${notice.id}-headline`} open={mine} />
      {mine && !notice.asHelper ? <HandOver notice={notice} /> : null}
      <Reported notice={notice} onReceipt={onReceipt} />
    </article>
  );
}

interface CardBodyProps {
  readonly card: Card;
  readonly headlineId: string;
  /** Whether it is still to be done. */
  readonly open: boolean;
}

/** What the card says, for whoever does it. */
export function CardBody({ card, headlineId, open }: CardBodyProps) {
  return (
    <>
      <h2 id={headlineId}>{card.headline}</h2>
      <p>
        <span className="soft">What is wrong:</span> {card.why}
      </p>
      <Due card={card} open={open} />
      <h3>What to do</h3>
      <ol className="todo">
        {card.steps.map((step) => (
          <li key={`${step.text} ${step.command}`}>
            <p>{step.text}</p>
            {step.command === null ? null : <Command text={step.command} />}
          </li>
        ))}
      </ol>
      <h3>What is installed</h3>
      <ul className="where">
        {card.where.map((place) => (
          <li key={`${place.component} ${place.version} ${place.path}`} className="small">
            <span className="mono">
              {place.component} {place.version}
            </span>
            <span className="soft">
              {place.fixed === null ? 'no fixed version yet' : `fixed in ${place.fixed}`}
            </span>
            {place.path === null ? null : (
              <span className="faint">
                in the list at <span className="mono">{place.path}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
      <CardPatch patch={card.patch} />
      <Background card={card} />
    </>
  );
}

/** What was reported, what follows from it, and the way to report what is still open. */
function Reported({ notice, onReceipt }: NoticeCardProps) {
  const { receipt, status } = notice;
  const ask = <Receipt notice={notice.id} onReceipt={onReceipt} withHelper={status === 'helper'} />;
  if (receipt === null) return status === 'open' ? ask : null;
  return (
    <>
      <div className="receipt" role="status">
        <p>
          <strong>You reported: {statusWords(receipt.outcome)}</strong>, <Moment at={receipt.at} />
        </p>
        <p className="small soft">{afterReceipt[receipt.outcome]}</p>
        {receipt.note === null ? null : <QuoteBlock text={receipt.note} />}
      </div>
      {status === 'helper' ? ask : <Undo notice={notice} />}
    </>
  );
}

/** A report made by mistake can be taken back. */
function Undo({ notice }: { readonly notice: Notice }) {
  const { act, busy, problem } = useAct(helpers.undoReceipt);
  return (
    <div className="no-print">
      <Button
        kind="quiet"
        busy={busy && 'Taking back…'}
        onPress={() =>
          act({ params: { notice: notice.id }, body: { ifRevision: notice.revision } }, () => {})
        }
      >
        That was a mistake: take it back
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}

const afterReceipt = {
  done: 'Thank you. The clearinghouse counts it as fixed; there is nothing more to do on this card.',
  helper: 'The deadline stays. Come back and report it here when the helper is done.',
  'not-affected':
    'Thank you. The clearinghouse counts it as not affected; there is nothing more to do.',
} as const;

function Due({ card, open }: { readonly card: Card; readonly open: boolean }) {
  const zone = localZone();
  const now = useNow(30_000);
  const late = open && card.dueAt !== null && Date.parse(card.dueAt) <= now;
  return (
    <div className={late ? 'due due-late' : 'due'}>
      {card.dueAt === null ? (
        <p>
          <strong>With your next update</strong>
        </p>
      ) : (
        <>
          <p className="due-left">
            <strong className="num">By {dayAndHour(card.dueAt, zone)}</strong>
            {open ? <span className="num"> · {dueWords(card.dueAt, now)}</span> : null}
          </p>
          <p className="small soft">
            Hour of {zone} ({offsetOf(card.dueAt, zone)})
          </p>
        </>
      )}
      <p className="small">{becauseOf(card.dueBecause).plain}</p>
    </div>
  );
}

/** What a card rests on, for whoever asks. */
function Background({ card }: { readonly card: Card }) {
  const { rule } = becauseOf(card.dueBecause);
  const reasons = [...new Set(card.where.map(({ reason }) => reason))];
  return (
    <details className="fold">
      <summary>Where this comes from</summary>
      <Facts
        items={[
          ['Advisory', <AdvisoryLink key="advisory" advisory={card.advisory} />],
          ['Affected', reasons.join('; ')],
          ...(rule === null ? [] : [['Deadline', rule] as const]),
        ]}
      />
    </details>
  );
}

function AdvisoryLink({ advisory }: { readonly advisory: string }) {
  return (
    <a href={pathTo('advisory', { advisory })} className="mono">
      {advisory}
    </a>
  );
}

function CardPatch({ patch }: { readonly patch: Card['patch'] }) {
  if (patch === null) return null;
  return (
    <details className="fold">
      <summary>No fixed version to be had? There is a tested patch</summary>
      <div className="patch-help small">
        <p>
          For somebody who builds this software from its source. We built it with the patch: every
          attack on this weakness that we know of stopped working.
        </p>
        <TestedPatch patch={patch} />
      </div>
    </details>
  );
}
