import type { Pace } from '@breakwater/contract';
import { owner } from '@breakwater/contract';
import { parseInstant } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button } from '../../ui/button.tsx';
import { Check, Field, Radios, TextField } from '../../ui/field.tsx';
import { localZone, Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { momentIn } from '../../ui/time.ts';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAgain } from '../session/begun-at.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useAct, useLoad } from '../session/server.ts';

export const screen: Screen = {
  load: (reader) => begin(reader, owner.pace),
  Page: PacePage,
};

/** How many cases an owner takes, and when none at all. */
function PacePage() {
  const { loaded, reload } = useLoad(owner.pace, {});
  return (
    <Page
      title="Your pace"
      lede="How many cases come to you. What is more waits with us, the most urgent first, and comes when there is room. Nobody but you can change this."
      width="narrow"
    >
      <Show what="your pace" loaded={loaded} reload={reload}>
        {(pace) => <PaceForm pace={pace} />}
      </Show>
      <Waiting />
      <p className="small">
        <a href={pathOf('inbox')}>Back to the inbox</a>
      </p>
    </Page>
  );
}

type PauseKind = 'no' | 'open' | 'until';

function PaceForm({ pace }: { readonly pace: Pace }) {
  const say = useSay();
  const { act, busy, problem } = useAct(owner.setPace);
  const { begun, kept: keptAt } = useBegunAgain(pace.revision, problem);
  const [limited, setLimited] = useState(pace.capacityPerWeek !== null);
  const [capacity, setCapacity] = useState(String(pace.capacityPerWeek ?? 3));
  const [pause, setPause] = useState<PauseKind>(kindOf(pace));
  const [until, setUntil] = useState('');
  const [urgent, setUrgent] = useState(pace.urgent);
  const zone = localZone();
  const hour = parseInstant(momentIn(until, zone) ?? '') ?? kept(pace);
  const number = Number(capacity);
  const wrong =
    limited && !(Number.isInteger(number) && number >= 1 && number <= 1_000)
      ? 'A whole number from 1 to 1000.'
      : null;
  return (
    <ActForm
      label="Keep this pace"
      busy={busy}
      problem={problem}
      reason={wrong ?? (pause === 'until' && hour === null ? 'Give the day first.' : null)}
      now={paceNow(pace)}
      onSubmit={() =>
        act(
          {
            body: {
              capacityPerWeek: limited ? number : null,
              pause:
                pause === 'no'
                  ? null
                  : pause === 'open'
                    ? { until: null, zone: null }
                    : { until: hour, zone: pace.pause?.zone ?? zone },
              urgent,
              ifRevision: begun,
            },
          },
          ({ revision }) => {
            keptAt(revision);
            say('Your pace is kept.');
          },
        )
      }
    >
      <Radios
        legend="How many new cases a week?"
        value={limited ? 'limited' : 'all'}
        onChange={(value) => setLimited(value === 'limited')}
        choices={[
          ['all', 'As they come'],
          ['limited', 'Not more than a number'],
        ]}
      />
      {limited ? (
        <TextField
          label="Cases a week"
          hint="A week begins on Monday at 00:00 UTC."
          type="number"
          value={capacity}
          onChange={setCapacity}
          error={wrong}
        />
      ) : null}
      <Radios
        legend="Pause?"
        value={pause}
        onChange={(value) => setPause(pauses.find((known) => known === value) ?? 'no')}
        choices={[
          ['no', 'No, go on'],
          ['until', 'Until a day'],
          ['open', 'Until I lift it'],
        ]}
      />
      {pause === 'until' ? (
        <Field label="Until" hint={`As the clocks in ${zone} show it.`}>
          {({ id, describedBy }) => (
            <input
              id={id}
              type="datetime-local"
              className="input"
              value={until}
              aria-describedby={describedBy}
              onChange={(event) => setUntil(event.target.value.slice(0, 16))}
            />
          )}
        </Field>
      ) : null}
      <Check
        label="What is exploited in the wild may come at once"
        more="Only what stands in CISA’s catalog of exploited weaknesses (KEV), with a reason."
        checked={urgent}
        onChange={setUrgent}
      />
    </ActForm>
  );
}

const pauses: readonly PauseKind[] = ['no', 'open', 'until'];

function kindOf({ pause }: Pace): PauseKind {
  if (pause === null) return 'no';
  return pause.until === null ? 'open' : 'until';
}

function kept({ pause }: Pace) {
  return pause?.until === undefined || pause.until === null ? null : parseInstant(pause.until);
}

function paceNow({ capacityPerWeek, pause }: Pace) {
  return (
    <>
      {capacityPerWeek === null ? 'As they come' : `${capacityPerWeek} a week`}
      {pause?.until ? (
        <>
          , paused until <Moment at={pause.until} />
        </>
      ) : pause === null ? (
        ', not paused'
      ) : (
        ', paused'
      )}
    </>
  );
}

/** How many wait is told only to an owner who asks: knowing it can be a burden of its own. */
function Waiting() {
  const [asked, setAsked] = useState(false);
  const { loaded, reload } = useLoad(owner.waiting, {}, { when: asked });
  return (
    <Section id="waiting" title="What waits" lede="Told only when you ask.">
      {asked ? (
        <Show what="the number" loaded={loaded} reload={reload}>
          {({ waiting }) => (
            <p role="status">
              {waiting === 0
                ? 'Nothing waits for you.'
                : waiting === 1
                  ? 'One case waits.'
                  : `${waiting} cases wait.`}
            </p>
          )}
        </Show>
      ) : (
        <Button onPress={() => setAsked(true)}>How many wait?</Button>
      )}
    </Section>
  );
}
