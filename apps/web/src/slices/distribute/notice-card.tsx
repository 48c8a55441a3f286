import type { Notice } from '@breakwater/contract';
import { validate, verify } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Command } from '../../ui/copy.tsx';
import { Digest } from '../../ui/digest.tsx';
import { localZone, Moment, useNow } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { fullMoment } from '../../ui/time.ts';
import { Download } from '../session/download.tsx';
import { dueWords } from './due.ts';
import { statusWords } from './notice-status.ts';
import { Receipt } from './receipt.tsx';

interface NoticeCardProps {
  readonly notice: Notice;
  readonly onReceipt: () => void;
}

/** Everything an operator must do, in plain words, on one card. */
export function NoticeCard({ notice, onReceipt }: NoticeCardProps) {
  const { card, status, receipt } = notice;
  return (
    <article className="card" aria-labelledby={`${notice.id}-headline`} id={notice.id}>
      <p className="card-top small">
        <Badge tone={status === 'open' ? 'warn' : 'held'}>{statusWords(status)}</Badge>
        <span className="soft">{notice.inventory.name}</span>
        <span className="mono faint">{notice.advisory}</span>
      </p>
      <h2 id={`${notice.id}-headline`}>{card.headline}</h2>
      <p>{card.why}</p>
      <Due card={card} open={status === 'open'} />
      <h3>What to do</h3>
      <ol className="todo">
        {card.steps.map((step) => (
          <li key={`${step.text} ${step.command}`}>
            <p>{step.text}</p>
            {step.command === null ? null : <Command text={step.command} />}
          </li>
        ))}
      </ol>
      <CardPatch patch={card.patch} />
      <h3>Where</h3>
      <ul className="where">
        {card.where.map((place) => (
          <li key={`${place.component} ${place.version} ${place.path}`} className="small">
            <span className="mono">
              {place.component} {place.version}
            </span>
            <span className="soft">
              {place.fixed === null ? 'no fixed version yet' : `fixed in ${place.fixed}`} ·{' '}
              {place.reason}
            </span>
            {place.path === null ? null : <span className="mono faint">{place.path}</span>}
          </li>
        ))}
      </ul>
      {receipt === null ? (
        status === 'open' && <Receipt notice={notice.id} onReceipt={onReceipt} />
      ) : (
        <div className="receipt">
          <p className="small">
            You reported: {statusWords(receipt.outcome)}, <Moment at={receipt.at} />
          </p>
          {receipt.note === null ? null : <QuoteBlock text={receipt.note} />}
        </div>
      )}
    </article>
  );
}

function Due({ card, open }: { readonly card: Notice['card']; readonly open: boolean }) {
  const zone = localZone();
  const now = useNow(30_000);
  return (
    <div className="due">
      {card.dueAt === null ? (
        <p>
          <strong>No fixed day</strong>
        </p>
      ) : (
        <p>
          <strong className="num">By {fullMoment(card.dueAt, zone)}</strong>
          {open ? <span className="num soft"> · {dueWords(card.dueAt, now)}</span> : null}
        </p>
      )}
      <p className="small soft">{card.dueBecause}</p>
    </div>
  );
}

function CardPatch({ patch }: { readonly patch: Notice['card']['patch'] }) {
  if (patch === null) return null;
  const { attestation } = patch;
  return (
    <>
      <h3>Verified patch</h3>
      <p className="files small">
        <Download
          operation={verify.file}
          input={{ params: { patch: patch.id } }}
          fileName={`${patch.id}.diff`}
        >
          Download the patch
        </Download>
        <Digest value={patch.sha256} />
        {attestation === null ? null : (
          <Download
            operation={validate.attestation}
            input={{ params: { attestation } }}
            fileName={`${attestation}.dsse.json`}
          >
            Download its attestation
          </Download>
        )}
      </p>
    </>
  );
}
