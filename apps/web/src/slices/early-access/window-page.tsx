import type { AccessWindow } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Clock } from '../../ui/clock.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { fullMoment } from '../../ui/time.ts';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { AccessClock } from './access-clock.tsx';
import { isOver } from './days.ts';
import { EndNow } from './end-now.tsx';
import { Inside } from './inside.tsx';
import { NothingSuch } from './nothing-such.tsx';
import { Shorten } from './shorten.tsx';
import { WindowActs } from './window-acts.tsx';
import { becauseWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const window = parseId('window', params['window'] ?? '');
    if (window !== null) begin(reader, earlyAccess.window, { params: { window } });
  },
  Page: WindowPage,
};

/** One window: the clock, who is inside, for what, what was taken out, and its end. */
function WindowPage({ params }: Address) {
  const id = parseId('window', params['window'] ?? '');
  return id === null ? <NothingSuch what="window" /> : <Found id={id} key={id} />;
}

function Found({ id }: { readonly id: Id<'window'> }) {
  const party = useMe()?.party;
  const read = useLoad(earlyAccess.window, { params: { window: id } });
  const known = read.loaded.state === 'ready' ? read.loaded.data : null;
  // As long as it is not known whose it is, a developer reads it as its own.
  const isDeveloper =
    known === null ? party?.role === 'developer' : known.developer.id === party?.id;
  // Over by the clock there is nothing left to end; as long as that is not known, there may be.
  const isPast = known !== null && known.endedAt === null && isOver(known);
  return (
    <Page
      title="A window of early access"
      lede={
        known === null ? null : (
          <>
            Of {isDeveloper ? 'your model' : `a model of ${known.developer.name}`}.{' '}
            <a href={pathTo('engagement', { engagement: known.engagement })}>The engagement</a>
          </>
        )
      }
    >
      {isDeveloper && !isPast ? (
        <section className="always no-print" aria-label="Always yours to do">
          <EndNow id={id} endedAt={known?.endedAt ?? null} />
          <p className="small soft">
            On <EngagementWay known={known} /> you release the model or leave, at any moment.
          </p>
        </section>
      ) : null}
      <Show what="the window" {...read}>
        {(window) => <Known window={window} />}
      </Show>
    </Page>
  );
}

function EngagementWay({ known }: { readonly known: AccessWindow | null }) {
  if (known === null) return 'the engagement’s page';
  return <a href={pathTo('engagement', { engagement: known.engagement })}>the engagement’s page</a>;
}

function Known({ window }: { readonly window: AccessWindow }) {
  const { id, zone, begins, ends, endedAt, because, inside, developer } = window;
  const me = useMe();
  const [shortening, setShortening] = useState(false);
  const isDeveloper = me?.party.id === developer.id;
  return (
    <>
      <Section
        id="clock"
        title="The clock"
        lede="It ends by itself at this hour, or earlier. Nothing makes it longer."
      >
        <div className="access-top">
          {inside === null ? (
            <Clock title="The window" at={endedAt ?? ends} zone={zone} over="It has ended" />
          ) : (
            <AccessClock
              engagement={window.engagement}
              window={isOver(window) ? undefined : window}
            />
          )}
          <Facts
            items={[
              ['Begins', <Time key="b" at={begins} />],
              [
                'Ends',
                endedAt === null
                  ? `${fullMoment(ends, zone)}, ${becauseWords[because]}`
                  : `${fullMoment(endedAt, zone)}, by the developer`,
              ],
            ]}
          />
        </div>
        {isDeveloper && !isOver(window) ? (
          <div className="mt-4">
            <Buttons>
              <Button onPress={() => setShortening(true)}>Shorten it</Button>
            </Buttons>
          </div>
        ) : null}
        {shortening ? <Shorten window={window} onDone={() => setShortening(false)} /> : null}
      </Section>
      {inside === null ? null : (
        <>
          <Inside window={window} />
          <WindowActs id={id} />
        </>
      )}
    </>
  );
}
