import type { Control } from '@breakwater/contract';
import { authorizations, claims } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { useLoad } from '../session/server.ts';
import { Authorizations } from './authorizations.tsx';
import { ControlProof } from './control-proof.tsx';
import { LookedAt } from './looked-at.tsx';
import { OwnWishes } from './own-wishes.tsx';
import { StopSwitch } from './stop-switch.tsx';
import { readTarget, targetWords } from './target-field.tsx';
import { controlStateWords } from './words.ts';

export const screen: Screen = { Page: TargetPage };

/** One target of its owner: stop it, see it, show it, allow it, wish for it. */
function TargetPage({ params }: Address) {
  const id = parseId('control', params['control'] ?? '');
  return id === null ? <NoSuchTarget /> : <Found id={id} />;
}

function NoSuchTarget() {
  return (
    <Page title="There is no such target" width="narrow">
      <p>
        Look at <a href={pathOf('targets')}>your targets</a>.
      </p>
    </Page>
  );
}

function Found({ id }: { readonly id: Id<'control'> }) {
  const read = useLoad(authorizations.control, { params: { control: id } });
  if (read.loaded.state !== 'ready') {
    return (
      <Page title="Your target" width="narrow">
        <Show what="the target" {...read}>
          {() => null}
        </Show>
      </Page>
    );
  }
  return <Known control={read.loaded.data} />;
}

function Known({ control }: { readonly control: Control }) {
  const may = useMay();
  const { target, state } = control;
  const [word, tone] = controlStateWords[state];
  const read = readTarget(target);
  return (
    <Page
      title={target}
      lede={
        <>
          <Badge tone={tone}>{word}</Badge>{' '}
          {read.state === 'read' ? `This is ${targetWords(read.target)}.` : null}{' '}
          <a href={pathOf('targets')}>All your targets</a>
        </>
      }
      width="narrow"
    >
      {state === 'withdrawn' ? null : <StopSwitch control={control} />}
      {may(claims.map) ? (
        <Section
          id="now"
          title="Being looked at"
          lede="What others said they look at here, now and ahead. Who they are, you are not told."
        >
          <LookedAt control={control} />
        </Section>
      ) : null}
      <Section
        id="proof"
        title="Proof of control"
        lede="What you say about a target counts while we can see that it is yours."
      >
        <ControlProof control={control} />
      </Section>
      {state === 'withdrawn' ? null : (
        <>
          <Section
            id="leave"
            title="Authorizations"
            lede="Who may do what here, when, how fast and when never. On a live system nothing is allowed that does not stand here."
          >
            <Authorizations control={control} />
          </Section>
          <Section
            id="wishes"
            title="Wishes"
            lede="Shown to everybody who means to begin here: quiet times, how to be told, what is no vulnerability to you."
          >
            <OwnWishes control={control} />
          </Section>
        </>
      )}
    </Page>
  );
}
