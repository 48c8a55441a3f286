import type { Body, GatewayOffer, KeyProof, Output } from '@breakwater/contract';
import { gateway, members } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { parseId, parseInstant } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Check, Radios, Select, TextField } from '../../ui/field.tsx';
import { Time, useNow } from '../../ui/moment.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMe } from '../session/me.ts';
import { useAct, useLoad } from '../session/server.ts';
import { LimitsShown } from './key-limits.tsx';
import { shareOf } from './share.ts';

type Issued = Output<typeof gateway.issue>;
type ProofKind = KeyProof['kind'];

const dayMs = 86_400_000;

const ends = [
  ['', 'with the access it stands on'],
  ['1', 'in a day'],
  ['7', 'in a week'],
  ['30', 'in 30 days'],
] as const;

const shares = [
  ['1', 'All that is left', 'No other key can be made on the same access after it.'],
  ['2', 'Half of it'],
  ['10', 'A tenth of it'],
] as const;

const proofs = [
  ['none', 'Nothing', 'Whoever has the key can use it.'],
  ['dpop', 'A key pair', 'Each request brings a signed proof (DPoP, RFC 9449).'],
  ['mtls', 'A client certificate', 'The connection is made with it (RFC 8705).'],
] as const;

const thumbprintForm = /^[A-Za-z0-9_-]{43}$/;

interface IssueKeyProps {
  readonly offer: GatewayOffer;
  readonly onDone: () => void;
}

/** Makes a key on an access; what it is, is shown this once. */
export function IssueKey({ offer, onDone }: IssueKeyProps) {
  const { act, busy, problem } = useAct(gateway.issue);
  const now = useNow(60_000);
  const [issued, setIssued] = useState<Issued | null>(null);
  const [name, setName] = useState('');
  const [holder, setHolder] = useState('');
  const [days, setDays] = useState('');
  const [share, setShare] = useState('1');
  const [proof, setProof] = useState<ProofKind>(offer.demandsProof ? 'dpop' : 'none');
  const [thumbprint, setThumbprint] = useState('');
  const [always, setAlways] = useState(true);
  if (issued !== null) return <Shown issued={issued} onTaken={onDone} />;

  const limits = offer.left === null ? null : shareOf(offer.left, Number(share));
  const member = parseId('member', holder);
  const until = days === '' ? null : endOf(now, Number(days), offer.until);

  function missing(): string | null {
    if (name.trim() === '') return 'Name it first.';
    const isBound = proof === 'none' || thumbprintForm.test(thumbprint.trim());
    return isBound ? null : 'Give the thumbprint first.';
  }

  function body(): Body<typeof gateway.issue> {
    return {
      standsOn: offer.standsOn,
      name: name.trim(),
      usageInStreams: always ? 'always' : 'as-asked',
      ...(member === null ? {} : { holder: member }),
      ...(limits === null || share === '1' ? {} : { limits }),
      ...(proof === 'none' ? {} : { proof: { kind: proof, thumbprint: thumbprint.trim() } }),
      ...(until === null ? {} : { until }),
    };
  }

  return (
    <ActForm
      label="Issue the key"
      busy={busy}
      problem={problem}
      reason={missing()}
      onSubmit={() => act({ body: body() }, setIssued)}
    >
      <TextField
        label="Name"
        hint="What uses it, such as: alert triage."
        value={name}
        onChange={setName}
        maxLength={300}
      />
      {parseId('partner', offer.standsOn) === null ? null : (
        <Holder value={holder} onChange={setHolder} />
      )}
      <Select label="Ends" value={days} onChange={setDays} choices={ends} />
      <Radios legend="How much" value={share} onChange={setShare} choices={shares} />
      {limits === null ? null : (
        <details className="fold">
          <summary>What it comes to</summary>
          <LimitsShown limits={limits} />
        </details>
      )}
      <Radios
        legend="What has to be shown beside the key"
        value={proof}
        onChange={(value) => setProof(proofs.find(([kind]) => kind === value)?.[0] ?? proof)}
        choices={offer.demandsProof ? proofs.slice(1) : proofs}
      />
      {proof === 'none' ? null : (
        <TextField
          label="Thumbprint"
          hint={
            proof === 'dpop'
              ? 'SHA-256 of the public JWK (RFC 7638), in base64url: 43 characters. docs/gateway.md in the source code has the command.'
              : 'SHA-256 of the certificate in DER, in base64url: 43 characters. docs/gateway.md in the source code has the command.'
          }
          value={thumbprint}
          onChange={setThumbprint}
          maxLength={43}
          exact
        />
      )}
      <Check
        label="Ask every stream for its figures"
        more="A stream that tells none is counted at all that was set aside for it."
        checked={always}
        onChange={setAlways}
      />
    </ActForm>
  );
}

interface HolderProps {
  readonly value: string;
  readonly onChange: (member: string) => void;
}

/** The person or service of one's own party that uses the key. */
function Holder({ value, onChange }: HolderProps) {
  const me = useMe();
  const { loaded } = useLoad(members.listMembers, { query: { limit: 200 } });
  const all = loaded.state === 'ready' ? loaded.data.items : [];
  const others = all.filter(({ id }) => id !== me?.member?.id);
  return (
    <Select
      label="Who uses it"
      value={value}
      onChange={onChange}
      choices={[
        ['', me?.member === null ? 'Choose' : 'You'],
        ...others.map(
          ({ id, name, kind }) => [id, kind === 'service' ? `${name} (a service)` : name] as const,
        ),
      ]}
    />
  );
}

interface ShownProps {
  readonly issued: Issued;
  readonly onTaken: () => void;
}

function Shown({ issued, onTaken }: ShownProps) {
  return (
    <div className="form" role="status">
      <p>
        <strong>This is the key. It is shown this once.</strong> It ends <Time at={issued.until} />{' '}
        at the latest. Keep it where your program reads it, in no file that others see.
      </p>
      <Command text={issued.secret} what="the key" />
      <Buttons>
        <Button kind="first" onPress={onTaken}>
          I have it
        </Button>
        <ButtonLink href={pathTo('gatewayKey', { gkey: issued.key })}>Its page</ButtonLink>
      </Buttons>
    </div>
  );
}

/** So many days from now, but not after what it stands on. */
function endOf(now: number, days: number, latest: Instant): Instant | null {
  return parseInstant(new Date(Math.min(now + days * dayMs, Date.parse(latest))).toISOString());
}
