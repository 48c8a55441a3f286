import { precheck } from '@breakwater/contract';
import { Command } from '../../ui/copy.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { Knocks } from './knocks.tsx';

export const screen: Screen = {
  load: (reader) => begin(reader, precheck.precheckKeys),
  Page: PrecheckPage,
};

/** What a pre-check tells whom, for everybody; and the knocks of who is signed in. */
function PrecheckPage() {
  const may = useMay();
  return (
    <Page
      title="Pre-check"
      lede="Ask whether a finding is already known here before you show it to anybody. This page says what that tells us, and what it tells you."
      width="narrow"
    >
      {may(precheck.knocks) ? <Knocks /> : null}
      <Section
        id="ask"
        title="How to ask"
        lede="A program of yours asks, on your machine. This page cannot: it would have to see your finding."
      >
        <Command text="breakwater precheck findings.sarif" />
      </Section>
      <Section
        id="we"
        title="What we learn of you"
        lede="Your program sends random-looking numbers, then fetches some boxes of sealed answers."
      >
        <ul className="reasons">
          <li>
            <strong>That you asked</strong>, when, and in how many requests. Coordinators see the
            counts of thirty days.
          </li>
          <li>
            <strong>Nothing from the numbers.</strong> They are blinded: whatever you ask for, they
            are as good as random to everybody, with any computer.
          </li>
          <li>
            <strong>Which boxes you fetch.</strong> Many findings fall into each box, so a box alone
            does not name yours. But whoever runs this server and already suspects exactly your
            finding can see whether its box is among those you fetched.
          </li>
          <li>
            <strong>Which finding you mean</strong>, if you knock.
          </li>
        </ul>
      </Section>
      <Section
        id="you"
        title="What you learn of us"
        lede="For each thing you ask for, one answer: known, or not known."
      >
        <ul className="reasons">
          <li>
            <strong>Known</strong>: to hand it in would join what is here. Not whose it is, nor how
            many have it, nor since when; who asks every day learns the day. What you handed in
            yourself counts.
          </li>
          <li>
            <strong>Not known</strong> is no proof. The same defect under another name, what is
            marked TLP:RED and what came moments ago are not known either.
          </li>
          <li>
            <strong>Nothing of anything else.</strong> Every box is equally full and sealed anew
            each time; you can open what you asked for, and no more.
          </li>
          <li>
            <strong>That the key is the committed one.</strong> Your program refuses an answer under
            another. That we leave nothing out, nothing proves.
          </li>
        </ul>
      </Section>
      <Section
        id="talk"
        title="When it is known"
        lede="You may knock. Those who handed it in, and the coordinators, read that somebody asked and what you write, not who you are."
      >
        <p className="small">
          Who agrees learns who you are, and you who they are. Who declines and who never answers
          look the same to you. A knock lapses by itself. Knocks, yours and those at your findings,
          stand at the top of this page.
        </p>
      </Section>
      <Section
        id="limits"
        title="Limits and keys"
        lede="The same for every party. They are why nobody can try a whole dictionary at once."
      >
        <ul className="reasons mb-4">
          <li>
            Within the limits every guess is answered: they bound how much a party learns, and do
            not hide what is guessed by its exact name. Who goes beyond them stands at the head of
            the coordinators’ list.
          </li>
          <li>
            Whoever runs the server has its key, and can try any number of guesses at what you
            fetched while that key is good. What you blinded it cannot open.
          </li>
          <li>
            A new key changes every answer and every handle: what you were told under the old one is
            of no use, and nobody can tell that you ask for the same again. An old key is destroyed,
            and guesses end with it.
          </li>
        </ul>
        <Limits />
      </Section>
      <p className="small soft">
        The whole method, with its figures and what it does not protect from:{' '}
        <code>docs/precheck.md</code> in the source.
      </p>
    </Page>
  );
}

function Limits() {
  const read = useLoad(precheck.precheckKeys, {});
  return (
    <Show what="the limits" {...read}>
      {({ limits, epochs, suite }) => (
        <>
          <Facts
            items={[
              [
                'A day',
                `${limits.evaluationsPerDay} numbers and ${limits.bucketRequestsPerDay} fetches of boxes`,
              ],
              [
                'One request',
                `always ${limits.elementsPerRequest} numbers; those you do not need are random`,
              ],
              [
                'Knocks',
                `${limits.knocksPerDay} a day; each lapses after ${limits.knockDays} days`,
              ],
              ['A key', `new every ${limits.epochDays} days, destroyed after ${limits.validDays}`],
              ['Method', <code key="suite">{suite}</code>],
            ]}
          />
          {epochs.length === 0 ? (
            <p className="small soft mt-3">No key is committed yet.</p>
          ) : (
            <ul className="small mt-3">
              {epochs.map(({ epoch, from, until }) => (
                <li key={epoch}>
                  Key <code>{epoch}</code>, <Moment at={from} /> to <Moment at={until} />
                </li>
              ))}
            </ul>
          )}
          <p className="small soft mt-3">
            Everybody is shown the same list, without signing in. Compare the name of your key with
            what others see.
          </p>
        </>
      )}
    </Show>
  );
}
