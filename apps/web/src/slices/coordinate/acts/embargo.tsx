import { coordinate } from '@breakwater/contract';
import { parseInstant } from '@breakwater/kernel';
import { useState } from 'react';
import { Clock } from '../../../ui/clock.tsx';
import { Field, TextArea } from '../../../ui/field.tsx';
import { localZone } from '../../../ui/moment.tsx';
import { momentIn, zoneNames } from '../../../ui/time.ts';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { useAct } from '../../session/server.ts';
import { EmbargoClock } from '../embargo-clock.tsx';
import type { ActProps } from './act.ts';
import { useRevisionOf } from './act.ts';

/** Sets the hour: a day, an hour, a zone, and the clock it will be before it is set. */
export function SetEmbargo({ shown, onDone }: ActProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(coordinate.setEmbargo);
  const seen = useRevisionOf(shown, problem);
  const [zone, setZone] = useState(() =>
    shown.embargo.state === 'until' ? shown.embargo.zone : localZone(),
  );
  const [local, setLocal] = useState('');
  const endsAt = parseInstant(momentIn(local, zone) ?? '');
  const wrong =
    local !== '' && endsAt === null
      ? `no such hour in ${zone}: the clocks may be put forward then, or the zone has no such name`
      : null;
  return (
    <ActForm
      label="Set the hour"
      busy={busy}
      problem={problem}
      reason={endsAt === null ? 'Give a day, an hour and a zone first.' : null}
      now={<EmbargoClock embargo={shown.embargo} />}
      onSubmit={() => {
        if (endsAt === null) return;
        const body = { endsAt, zone, ...seen };
        act({ params: { case: shown.id }, body }, () => {
          say('The hour is set.');
          onDone();
        });
      }}
    >
      <Field label="Day and hour" hint="As the clocks of the zone below show it." error={wrong}>
        {({ id, describedBy }) => (
          <input
            id={id}
            type="datetime-local"
            className="input"
            value={local}
            aria-describedby={describedBy}
            onChange={(event) => setLocal(event.target.value.slice(0, 16))}
          />
        )}
      </Field>
      <Field label="Zone" hint="The zone that everybody agreed on.">
        {({ id, describedBy }) => (
          <select
            id={id}
            className="input"
            value={zone}
            aria-describedby={describedBy}
            onChange={(event) => setZone(event.target.value)}
          >
            {[...new Set([zone, localZone(), ...zoneNames()])].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      {endsAt === null ? null : (
        <Clock title="The clock will show" at={endsAt} zone={zone} over="This hour has passed" />
      )}
    </ActForm>
  );
}

/** Ends the embargo now, because the matter is public. */
export function EndEmbargo({ shown, onDone }: ActProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(coordinate.endEmbargo);
  const seen = useRevisionOf(shown, problem);
  const [reason, setReason] = useState('');
  return (
    <ActForm
      label="End the embargo"
      busy={busy}
      problem={problem}
      danger
      reason={reason.trim().length < 3 ? 'Say where it is public first.' : null}
      now={<EmbargoClock embargo={shown.embargo} />}
      onSubmit={() => {
        const body = { reason: reason.trim(), ...seen };
        act({ params: { case: shown.id }, body }, () => {
          say('The embargo is over.');
          onDone();
        });
      }}
    >
      <p>It ends at once, for every participant, and does not come back.</p>
      <TextArea
        label="Where it is public"
        hint="An address, a talk, a commit. Every participant reads it."
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={4_000}
      />
    </ActForm>
  );
}
