import type { Application, Partnership } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment, Time, useNow } from '../../ui/moment.tsx';
import { Quote, QuoteBlock } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { FindingsShown } from './keys-shown.tsx';
import { speaking } from './own-application.ts';
import { TermsToAccept } from './terms-to-accept.tsx';
import { askWords, missingWords, sideNames } from './words.ts';

interface CardProps {
  readonly partnership: Partnership;
  readonly token: string | null;
  readonly can: Application['can'];
}

/** What a partner has: the tier, whether access holds now, what is missing, until when. */
export function PartnershipCard({ partnership, token, can }: CardProps) {
  const { grant, ended } = partnership;
  const over = grant.missing.includes('partnership-over') || ended !== null;
  return (
    <article className="partner-card" aria-label="Partnership">
      <p className="partner-standing">
        <Badge tone={grant.active ? 'held' : over ? 'plain' : 'warn'}>
          {grant.active ? 'Access holds' : over ? 'Over' : 'Access does not hold yet'}
        </Badge>
      </p>
      {grant.missing.length === 0 ? null : (
        <ul className="reasons">
          {grant.missing.map((missing) => (
            <li key={missing}>{missingWords[missing]}</li>
          ))}
        </ul>
      )}
      <PartnershipFacts partnership={partnership} />
      {ended === null ? null : <Ended partnership={partnership} ended={ended} />}
      {can.includes('accept-terms') ? (
        <TermsToAccept partnership={partnership} token={token} />
      ) : null}
      <Buttons>
        {grant.active && token === null ? (
          <ButtonLink href={pathOf('gatewayKeys')}>Keys to the model</ButtonLink>
        ) : null}
        {over || can.includes('leave') ? <GoOn partnership={partnership} /> : null}
        {can.includes('leave') ? <LeaveAct partnership={partnership} token={token} /> : null}
      </Buttons>
    </article>
  );
}

/** Tier, model and dates. */
export function PartnershipFacts({ partnership }: Pick<CardProps, 'partnership'>) {
  const { tierName, gives, since, expiresAt, reviewAt, reviewedAt, modelTold } = partnership;
  return (
    <Facts
      items={[
        ['Tier', tierName === null ? 'Name erased' : <Quote key="tier" text={tierName} />],
        ['Gives', askWords[gives][0]],
        ...(modelTold === null
          ? []
          : [['Behind it', <Quote key="model" text={modelTold} />] as const]),
        ['Since', <Moment key="since" at={since} />],
        ['Until', <Time key="until" at={expiresAt} />],
        [
          'Looked at',
          <span key="review">
            {reviewedAt === null ? '' : <Moment at={reviewedAt} />}
            {reviewedAt === null ? 'again ' : '; again '}
            <Time at={reviewAt} />
          </span>,
        ],
      ]}
    />
  );
}

interface EndedProps {
  readonly partnership: Partnership;
  readonly ended: NonNullable<Partnership['ended']>;
}

function Ended({ ended }: EndedProps) {
  return (
    <>
      <p className="small">
        {sideNames[ended.by]} ended it, <Time at={ended.at} />.
      </p>
      {ended.reason === null ? null : <QuoteBlock text={ended.reason} />}
      {ended.findings === null ? null : <FindingsShown findings={ended.findings} version={null} />}
    </>
  );
}

/** A partnership never goes on by itself: going on is a new application. */
function GoOn({ partnership }: Pick<CardProps, 'partnership'>) {
  const days = (Date.parse(partnership.expiresAt) - useNow(60_000)) / 86_400_000;
  if (days > 60) return null;
  return (
    <ButtonLink href={pathOf('apply', { tier: partnership.tier, renews: partnership.id })}>
      Apply to go on
    </ButtonLink>
  );
}

function LeaveAct({ partnership, token }: Omit<CardProps, 'can'>) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.leave);
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)}>
        Leave
      </Button>
      {asking ? (
        <Dialog
          open
          onClose={close}
          title="Leave the partnership"
          lede="Access ends at once. Nobody asks why, and you may apply anew."
        >
          <ActForm
            label="Leave"
            danger
            busy={busy}
            problem={problem}
            onSubmit={() =>
              act({ params: { partner: partnership.id }, body: speaking(token) }, () => {
                close();
                say('You left.');
              })
            }
          >
            {null}
          </ActForm>
        </Dialog>
      ) : null}
    </>
  );
}
