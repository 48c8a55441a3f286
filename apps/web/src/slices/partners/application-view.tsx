import { Section } from '../../ui/section.tsx';
import { AppealForm } from './appeal-form.tsx';
import { KeysShown } from './keys-shown.tsx';
import type { OwnProps } from './own-application.ts';
import { PartnershipCard } from './partnership-card.tsx';
import { SaidThread } from './said-thread.tsx';
import { WithdrawAct } from './withdraw-act.tsx';
import { WordsShown } from './words-shown.tsx';

/** One application as its applicant reads it: the answer first, then what to do. */
export function ApplicationView({ application, token }: OwnProps) {
  const { partnership, keys, can } = application;
  return (
    <>
      {partnership === null ? null : (
        <Section
          id="partnership"
          title="What you have"
          lede="Access holds while everything below does, and ends by itself."
        >
          <PartnershipCard partnership={partnership} token={token} can={can} />
        </Section>
      )}
      {keys.length === 0 ? null : (
        <Section
          id="answer"
          title="The answer"
          lede="Each side decided by itself, with a reason on every criterion."
        >
          <KeysShown keys={keys} version={application.criteriaVersion} />
        </Section>
      )}
      {can.includes('appeal') ? (
        <Section
          id="appeal"
          title="Appeal"
          lede="Once. People decide who did not decide before, and they read what you write here."
        >
          <AppealForm application={application} token={token} />
        </Section>
      ) : null}
      <SaidThread application={application} token={token} />
      <Section id="sent" title="What was sent" lede="Both sides read the same.">
        <WordsShown application={application} />
        {can.includes('withdraw') ? <WithdrawAct application={application} token={token} /> : null}
      </Section>
    </>
  );
}
