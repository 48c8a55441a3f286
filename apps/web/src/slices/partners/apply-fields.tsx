import { partnerSectors, partnerSizes } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { Radios, Select, TextArea, TextField } from '../../ui/field.tsx';
import {
  type ApplyDraft,
  type ApplyGround,
  askOf,
  mailWrong,
  phoneWrong,
  type Step,
  tierOf,
} from './apply-draft.ts';
import { askWords, regionNames, sectorNames, sizeNames } from './words.ts';

export interface FieldsProps {
  readonly step: Step;
  readonly draft: ApplyDraft;
  readonly ground: ApplyGround;
  readonly onChange: (part: Partial<ApplyDraft>) => void;
}

/** What is asked on one screen of the form. */
export function ApplyFields(props: FieldsProps): ReactNode {
  switch (props.step.key) {
    case 'tier':
      return <TierField {...props} />;
    case 'asks':
      return <AsksField {...props} />;
    case 'who':
      return <WhoFields {...props} />;
    case 'size':
      return <SizeFields {...props} />;
    case 'purpose':
      return <PurposeField {...props} />;
    case 'contact':
      return <ContactFields {...props} />;
    case 'help':
      return <HelpFields {...props} />;
    case 'mail':
      return <MailField {...props} />;
    default:
      return props.step.criterion === null ? null : <MeetsField {...props} />;
  }
}

function TierField({ draft, ground, onChange }: FieldsProps) {
  return (
    <Radios
      legend="Tiers that take applications"
      value={tierOf(draft, ground)?.id ?? ''}
      onChange={(tier) => onChange({ tier })}
      choices={ground.tiers.map(({ id, name, developer }) => [
        id,
        name ?? 'Name erased',
        developer.name,
      ])}
    />
  );
}

function AsksField({ draft, ground, onChange }: FieldsProps) {
  const gives = tierOf(draft, ground)?.gives ?? [];
  return (
    <Radios
      legend="We would like"
      value={askOf(draft, ground) ?? ''}
      onChange={(asks) => onChange({ asks })}
      choices={(['outputs', 'raw-access'] as const)
        .filter((ask) => gives.includes(ask))
        .map((ask) => [ask, ...askWords[ask]])}
    />
  );
}

function WhoFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <TextField
        label="Name of your organization"
        value={draft.organization}
        onChange={(organization) => onChange({ organization })}
        autoComplete="organization"
        maxLength={300}
      />
      <Select
        label="What you do"
        value={draft.sector}
        onChange={(sector) => onChange({ sector })}
        choices={[
          ['', 'Choose one'],
          ...partnerSectors.map((sector) => [sector, sectorNames[sector]] as const),
        ]}
      />
    </>
  );
}

function SizeFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <Radios
        legend="How many people work there"
        value={draft.size}
        onChange={(size) => onChange({ size })}
        choices={partnerSizes.map((size) => [size, sizeNames[size]])}
      />
      <Select
        label="State or territory"
        value={draft.region}
        onChange={(region) => onChange({ region })}
        choices={[['', 'Choose one'], ...regionNames]}
      />
    </>
  );
}

function PurposeField({ draft, onChange }: FieldsProps) {
  return (
    <TextArea
      label="In your own words"
      hint="A sentence or two is enough. For example: find out which of our servers can be broken into, before somebody does."
      value={draft.purpose}
      onChange={(purpose) => onChange({ purpose })}
      rows={5}
      maxLength={4_000}
    />
  );
}

function ContactFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        hint="You, or whoever is there at night."
        value={draft.contact}
        onChange={(contact) => onChange({ contact })}
        autoComplete="name"
        maxLength={300}
      />
      <TextField
        label="Telephone"
        hint="This or a mail address."
        value={draft.phone}
        onChange={(phone) => onChange({ phone })}
        autoComplete="tel"
        error={phoneWrong(draft.phone)}
        maxLength={40}
      />
      <TextField
        label="Mail address"
        type="email"
        value={draft.contactMail}
        onChange={(contactMail) => onChange({ contactMail })}
        autoComplete="email"
        error={mailWrong(draft.contactMail)}
        maxLength={254}
      />
    </>
  );
}

function MeetsField({ step, draft, onChange }: FieldsProps) {
  if (step.criterion === null) return null;
  const { id, judgedBy, shownBy } = step.criterion;
  return (
    <TextArea
      label="How is that with you?"
      hint={
        <>
          <span className="under">How it is judged: {judgedBy}.</span>
          <span className="under">What shows it: {shownBy}.</span>
          <span className="under">You may leave it empty; then you will be asked.</span>
        </>
      }
      value={draft.meets[id] ?? ''}
      onChange={(how) => onChange({ meets: { ...draft.meets, [id]: how } })}
      rows={4}
      maxLength={2_000}
    />
  );
}

const helps = [
  ['no', 'No', 'You write and sign for yourself.'],
  ['words', 'Yes, somebody outside', 'A firm, a neighbor, your State. You say who.'],
  [
    'party',
    'Yes, a party here',
    'It reads the application and may add to it, and you may still do all yourself.',
  ],
] as const;

function HelpFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <Radios
        legend="With this application or with the work after it"
        value={draft.helped}
        onChange={(value) =>
          onChange({ helped: helps.find(([known]) => known === value)?.[0] ?? '' })
        }
        choices={helps}
      />
      {draft.helped === 'words' ? (
        <TextField
          label="Who"
          value={draft.helpedBy}
          onChange={(helpedBy) => onChange({ helpedBy })}
          maxLength={300}
        />
      ) : null}
      {draft.helped === 'party' ? (
        <TextField
          label="Id of their party"
          hint="They find it under their account."
          value={draft.helper}
          onChange={(helper) => onChange({ helper })}
          maxLength={40}
          exact
        />
      ) : null}
    </>
  );
}

function MailField({ draft, onChange }: FieldsProps) {
  return (
    <TextField
      label="Mail address (you may leave it empty)"
      hint="You read your answer behind a secret link. You see it once when you have sent this; with an address you also get it by mail."
      type="email"
      value={draft.mail}
      onChange={(mail) => onChange({ mail })}
      autoComplete="email"
      error={mailWrong(draft.mail)}
      maxLength={254}
    />
  );
}
