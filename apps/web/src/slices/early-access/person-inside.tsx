import type { AccessGrant } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Ago, Time } from '../../ui/moment.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { ExportsOf, UsesOf } from './uses.tsx';
import { activeWords, afterwardsWords } from './words.ts';

/** One person of a window: what they may, did, took out and owe. */
export function PersonInside({ grant }: { readonly grant: AccessGrant }) {
  const { id, member, person, kind, uses, calls, exports, lastUsedAt, revokedAt } = grant;
  const [revoking, setRevoking] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const name = member.name ?? 'Name erased';
  const accepted = grant.protections.filter(({ acceptedAt }) => acceptedAt !== null).length;
  return (
    <li className="person-inside">
      <div className="person-head">
        <h3>
          <a href={pathTo('grant', { grant: id })}>{name}</a>{' '}
          <span className="soft small">{member.party.name}</span>
        </h3>
        {revokedAt === null ? (
          <Button
            kind="danger"
            label={`Revoke the access of ${name}`}
            onPress={() => setRevoking(true)}
          >
            Revoke
          </Button>
        ) : null}
      </div>
      <Facts
        items={[
          ['Access', activeWords(grant)],
          ...(kind === 'service'
            ? [['Answers for it', person.name ?? 'name erased'] as const]
            : []),
          ['Accepted', `${accepted} of ${grant.protections.length} protections`],
          [
            'Used',
            uses === 0 ? (
              'never'
            ) : (
              <>
                {countWords(uses, 'session')}, {countWords(calls, 'call')}
                {lastUsedAt === null ? null : (
                  <>
                    , last <Ago at={lastUsedAt} />
                  </>
                )}
              </>
            ),
          ],
          ['Taken out', exports === 0 ? 'nothing recorded' : countWords(exports, 'export')],
          ...(revokedAt === null
            ? []
            : [
                [
                  'Revoked',
                  <>
                    <Time at={revokedAt} />
                    {grant.revokedBy === null ? null : `, by ${grant.revokedBy.name}`}
                  </>,
                ] as const,
              ]),
          ['Owes', <OwesWords key="owes" grant={grant} />],
        ]}
      />
      {uses + exports === 0 ? null : (
        <details className="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Purposes and exports</summary>
          {isOpen ? (
            <>
              <UsesOf grant={id} />
              <ExportsOf grant={id} />
            </>
          ) : null}
        </details>
      )}
      {revoking ? <Revoke grant={grant} name={name} onDone={() => setRevoking(false)} /> : null}
    </li>
  );
}

/** What is owed once access is over, and what was attested. */
export function OwesWords({ grant: { owed, attestation } }: { readonly grant: AccessGrant }) {
  if (owed !== null) {
    return (
      <>
        the return or destruction of what was taken, by <Time at={owed.dueAt} />
        {owed.stated === 'kept-by-law' ? '; a legal hold keeps it for now' : null}
      </>
    );
  }
  if (attestation === null) return 'nothing now';
  return (
    <>
      nothing: attested as {afterwardsWords[attestation.how][0].toLowerCase()},{' '}
      <Time at={attestation.at} />
    </>
  );
}

interface RevokeProps {
  readonly grant: AccessGrant;
  readonly name: string;
  readonly onDone: () => void;
}

function Revoke({ grant, name, onDone }: RevokeProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.revoke);
  return (
    <Dialog
      open
      onClose={onDone}
      title={`Revoke the access of ${name}?`}
      lede="It ends within seconds, in the middle of a run too. What was taken has to be returned or destroyed. It cannot be taken back; they can be added again."
    >
      <ActForm
        label="Revoke it"
        busy={busy}
        problem={problem}
        danger
        onSubmit={() =>
          act({ params: { grant: grant.id }, body: {} }, () => {
            say('Revoked.');
            onDone();
          })
        }
      >
        {null}
      </ActForm>
    </Dialog>
  );
}
