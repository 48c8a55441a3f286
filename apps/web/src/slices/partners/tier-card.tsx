import type { PartnerTier } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { pathOf } from '../../app/paths.ts';
import { ButtonLink, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Quote, QuoteBlock } from '../../ui/quote.tsx';
import { askWords } from './words.ts';

interface TierCardProps {
  readonly tier: PartnerTier;
  /** In the place of applying: what its own developer can do with it, on a page of tiers alone. */
  readonly actions?: ReactNode;
}

/** One tier: what it gives, under which terms, from when until when. */
export function TierCard({ tier, actions }: TierCardProps) {
  const Heading = actions === undefined ? 'h3' : 'h2';
  const { name, about, developer, gives, from, until } = tier;
  return (
    <article className="partner-card" aria-label={name ?? 'Name erased'}>
      <Heading>{name === null ? 'Name erased' : <Quote text={name} />}</Heading>
      {about === null ? null : <QuoteBlock text={about} from={developer.name} />}
      <Facts
        items={[
          ['Gives', gives.map((ask) => askWords[ask][0]).join(' · ')],
          ['From', from === null ? 'not said yet' : <Moment key="from" at={from} />],
          ['Until', until === null ? 'not said yet' : <Moment key="until" at={until} />],
          ['Lasts', `${tier.partnershipDays} days; then you may apply to go on`],
          ['Looked at', `again after ${tier.reviewDays} days`],
          ['Answered', `within ${tier.answerDays} days`],
        ]}
      />
      <TermsFold terms={tier.terms} />
      <Buttons>
        {tier.takesApplications ? null : (
          <p className="small soft">It takes no applications now.</p>
        )}
        {actions ??
          (tier.takesApplications ? (
            <ButtonLink href={pathOf('apply', { tier: tier.id })}>Apply for this</ButtonLink>
          ) : null)}
      </Buttons>
    </article>
  );
}

/** The terms of a tier, folded. */
export function TermsFold({ terms }: Pick<PartnerTier, 'terms'>) {
  return (
    <details className="fold">
      <summary>Terms, version {terms.version}</summary>
      {terms.text === null ? (
        <p className="small soft">Their text was erased.</p>
      ) : (
        <QuoteBlock text={terms.text} />
      )}
      <p className="small faint mt-3">
        Digest <code>{terms.digest}</code>
      </p>
    </details>
  );
}
