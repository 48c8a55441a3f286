import type { Control, Stop } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { parseTarget, relationOf } from '@breakwater/scope';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** Stops everything on a target at once; where it is stopped, says so and lets it begin again. */
export function StopSwitch({ control }: { readonly control: Control }) {
  const { target, state } = control;
  const { loaded } = useLoad(authorizations.stops, { query: { state: 'standing', limit: 200 } });
  const standing =
    loaded.state === 'ready' ? loaded.data.items.filter((stop) => touches(stop, target)) : [];
  return (
    <>
      {standing.map((stop) => (
        <Stopped key={stop.id} stop={stop} />
      ))}
      {standing.some((stop) => stop.target === target) ? null : (
        <Press target={target} counts={state === 'proven' || state === 'contested'} />
      )}
    </>
  );
}

function touches(stop: Stop, target: string): boolean {
  const [here, there] = [parseTarget(target), parseTarget(stop.target)];
  return here.ok && there.ok && relationOf(here.value, there.value) !== 'disjoint';
}

interface PressProps {
  readonly target: string;
  /** A proof that two dispute counts here all the same: stopping harms neither (DCF-38). */
  readonly counts: boolean;
}

function Press({ target, counts }: PressProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.stop);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const done = () => setAsking(false);
  function send(): void {
    const said = reason.trim();
    act({ body: { target, ...(said.length < 3 ? {} : { reason: said }) } }, (stop) => {
      say(`Stopped. ${endedWords(stop)}`);
      done();
    });
  }
  return (
    <section className="stop" aria-labelledby="stop-title">
      <h2 id="stop-title">Something wrong?</h2>
      <button
        type="button"
        className="stop-press"
        aria-disabled={counts ? undefined : true}
        aria-describedby="stop-does"
        onClick={() => counts && setAsking(true)}
      >
        Stop everything here
      </button>
      <p className="small soft" id="stop-does">
        {counts
          ? 'Ends all work on this target at once. You are asked once more, and can lift it later.'
          : 'It works once your control is proven, below. In an emergency a coordinator can stop it.'}
      </p>
      {asking ? (
        <Dialog
          open
          onClose={done}
          title={`Stop everything on ${target}?`}
          lede="This is what happens at once:"
        >
          <ActForm label="Stop it now" busy={busy} problem={problem} danger onSubmit={send}>
            <ul className="what-happens">
              <li>Every claim on it, and on what lies below it, ends. Its holder is told.</li>
              <li>Every campaign that runs there is stopped.</li>
              <li>Nobody can claim it, and no authorization for it counts.</li>
              <li>You can lift the stop, with a reason. What was ended stays ended.</li>
            </ul>
            <TextArea
              label="Why (you may leave it out)"
              hint="Coordinators read it. Those who are stopped are told that you stopped it, not why."
              value={reason}
              onChange={setReason}
              rows={2}
              maxLength={4_000}
            />
          </ActForm>
        </Dialog>
      ) : null}
    </section>
  );
}

function Stopped({ stop }: { readonly stop: Stop }) {
  const [lifting, setLifting] = useState(false);
  return (
    <section className="stop stop-on" aria-labelledby={`${stop.id}-title`}>
      <h2 id={`${stop.id}-title`}>
        Stopped: <code>{stop.target}</code>
      </h2>
      <p>
        By {stop.by.name}, <Time at={stop.at} />. {endedWords(stop)} Nobody can begin there.
      </p>
      {stop.reason === null ? null : <QuoteBlock text={stop.reason} from="The reason given" />}
      <Buttons>
        <Button onPress={() => setLifting(true)}>Let work begin again</Button>
      </Buttons>
      {lifting ? <Lift stop={stop} onDone={() => setLifting(false)} /> : null}
    </section>
  );
}

interface LiftProps {
  readonly stop: Stop;
  readonly onDone: () => void;
}

/** Lifts a stop; also from the coordinator's page. */
export function Lift({ stop, onDone }: LiftProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.liftStop);
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open
      onClose={onDone}
      title="Let work begin again"
      lede="What the stop ended stays ended. Others may claim the target again, and authorizations count again."
    >
      <ActForm
        label="Lift the stop"
        busy={busy}
        problem={problem}
        reason={reason.trim().length < 3 ? 'Say why first.' : null}
        onSubmit={() =>
          act({ params: { stop: stop.id }, body: { reason: reason.trim() } }, () => {
            say('The stop is lifted.');
            onDone();
          })
        }
      >
        <TextArea
          label="Why"
          hint="It is kept with the stop."
          value={reason}
          onChange={setReason}
          rows={2}
          maxLength={4_000}
        />
      </ActForm>
    </Dialog>
  );
}

/** How much a stop ended. */
export function endedWords({ claims, campaigns }: Pick<Stop, 'claims' | 'campaigns'>): string {
  if (claims + campaigns === 0) return 'Nothing was under way there.';
  const parts = [
    ...(claims === 0 ? [] : [countWords(claims, 'claim')]),
    ...(campaigns === 0 ? [] : [countWords(campaigns, 'campaign')]),
  ];
  return `${parts.join(' and ')} ended.`;
}
