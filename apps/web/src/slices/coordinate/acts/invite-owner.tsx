import type { Case, Pace } from '@breakwater/contract';
import { coordinate, directory, owner } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Check, Select, TextArea } from '../../../ui/field.tsx';
import { Moment } from '../../../ui/moment.tsx';
import { countWords } from '../../../ui/size.ts';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { Show } from '../../session/problem-note.tsx';
import type { Pages } from '../../session/server.ts';
import { useAct, useLoad, usePages } from '../../session/server.ts';
import type { ActProps } from './act.ts';
import { useRevisionOf } from './act.ts';

/** Brings the owner in, at the pace the owner set; what will happen is said before. */
export function InviteOwner({ shown, onDone }: ActProps) {
  const { more, ...parties } = usePages([directory.listParties.id, 'owners'], (client, after) =>
    client.call(directory.listParties, {
      query: { role: 'owner', limit: 200, ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <Show what="owners" {...parties}>
      {(owners) => <Invite shown={shown} onDone={onDone} owners={owners} more={more} />}
    </Show>
  );
}

interface InviteProps extends ActProps {
  readonly owners: readonly { readonly id: Id<'party'>; readonly name: string }[];
  readonly more: Pages<unknown>['more'];
}

function Invite({ shown, owners, more, onDone }: InviteProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(coordinate.inviteOwner);
  const seen = useRevisionOf(shown, problem);
  const [chosen, setChosen] = useState('');
  const [reason, setReason] = useState('');
  const [urgent, setUrgent] = useState(false);
  const party = parseId('party', chosen);
  const early = shown.stage === 'received';
  const needsReason = early || urgent;
  const missing =
    party === null
      ? 'Choose the owner first.'
      : needsReason && reason.trim().length < 3
        ? 'Say why first.'
        : null;
  return (
    <ActForm
      label="Invite the owner"
      busy={busy}
      problem={problem}
      reason={missing}
      onSubmit={() => {
        if (party === null) return;
        const why = reason.trim() === '' ? {} : { reason: reason.trim() };
        const body = { party, ...why, ...(urgent ? { urgent } : {}), ...seen };
        act({ params: { case: shown.id }, body }, ({ outcome }) => {
          say(
            outcome === 'waits'
              ? 'The case waits for the owner’s pace and is handed over by itself.'
              : 'The owner has the case.',
          );
          onDone();
        });
      }}
    >
      <Select
        label="Owner"
        hint="Whoever maintains the software. An owner that is not here yet is invited under People."
        value={chosen}
        onChange={setChosen}
        choices={[['', 'choose'], ...owners.map(({ id, name }) => [id, name] as const)]}
      />
      {more.has ? (
        <Button busy={more.loading && 'Loading…'} onPress={more.load}>
          More owners to choose from
        </Button>
      ) : null}
      {party === null ? null : (
        <PaceNote party={party} shown={shown} urgent={urgent} onUrgent={setUrgent} />
      )}
      <TextArea
        label={needsReason ? 'Reason' : 'Reason (you may leave it empty)'}
        hint={
          early
            ? 'The case is not reproduced yet: an owner hears of it before only for a reason, which the owner reads.'
            : 'The owner reads it.'
        }
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={4_000}
      />
    </ActForm>
  );
}

interface PaceNoteProps {
  readonly party: Id<'party'>;
  readonly shown: Case;
  readonly urgent: boolean;
  readonly onUrgent: (urgent: boolean) => void;
}

function PaceNote({ party, urgent, onUrgent }: PaceNoteProps) {
  const pace = useLoad(owner.paceOf, { params: { party } });
  return (
    <Show what="the owner’s pace" {...pace}>
      {(data) => (
        <div className="small">
          <PaceWords pace={data} />
          {data.urgent ? (
            <Check
              label="Send it at once"
              more="Only for what is exploited in the wild: this owner allows that. It needs a reason."
              checked={urgent}
              onChange={onUrgent}
            />
          ) : null}
        </div>
      )}
    </Show>
  );
}

function PaceWords({ pace }: { readonly pace: Pace }) {
  const { capacityPerWeek, pause, week } = pace;
  if (pause !== null) {
    return (
      <p>
        This owner has paused{' '}
        {pause.until === null ? (
          'until further notice'
        ) : (
          <>
            until <Moment at={pause.until} />
          </>
        )}
        : the case will wait.
      </p>
    );
  }
  if (capacityPerWeek === null) return <p>This owner takes cases as they come.</p>;
  const full = week.handedOver >= capacityPerWeek;
  return (
    <p>
      This owner takes {countWords(capacityPerWeek, 'case')} a week and got {week.handedOver} this
      week: {full ? 'the case will wait until the next.' : 'it is handed over at once.'}
    </p>
  );
}
