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
      <Section id="we" title="What we learn of you" lede="When you ask.">
        <ul className="reasons">
          <li>That you asked, when, and in how many requests. Coordinators see the counts.</li>
          <li>
            Nothing of your finding from what you send first: it is blinded, and looks like chance
            to anybody.
          </li>
          <li>
            Which buckets you fetch. Many findings fall into each. Whoever runs the server and
            already suspects exactly your finding can see that a bucket fits the guess; the page of
            the method says how often a wrong guess fits as well.
          </li>
          <li>Which finding you mean, once you knock.</li>
        </ul>
      </Section>
      <Section id="you" title="What you learn of us" lede="Of each finding that you ask for.">
        <ul className="reasons">
          <li>
            Known or not known. Not whose it is, how many have it, or since when. “Known” counts
            what you handed in yourself.
          </li>
          <li>
            “Not known” proves nothing: the same defect told by another name, what is marked
            TLP:RED, and what has just come are not known either.
          </li>
          <li>
            Nothing of anything else. Every bucket is equally full, with new chance each time.
          </li>
          <li>
            That a key was written down in the public record at its time. That we answer honestly
            nothing proves.
          </li>
        </ul>
      </Section>
      <Section
        id="talk"
        title="When it is known"
        lede="You may knock. Those who hold it read that somebody asks, and what you write, not who you are."
      >
        <p className="small">
          Who agrees learns who you are and you who they are. Who declines and who never answers
          look the same to you. A knock lapses by itself.
        </p>
      </Section>
      <Section
        id="limits"
        title="Limits and keys"
        lede="The same for every party. They are why nobody can try a whole dictionary."
      >
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
                `${limits.evaluationsPerDay} elements, ${limits.bucketRequestsPerDay} times buckets`,
              ],
              [
                'One request',
                `always ${limits.elementsPerRequest} elements, filled up with chance`,
              ],
              [
                'Knocks',
                `${limits.knocksPerDay} a day; each lapses after ${limits.knockDays} days`,
              ],
              ['A key', `new every ${limits.epochDays} days, destroyed after ${limits.validDays}`],
              ['Suite', <code key="suite">{suite}</code>],
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
            Compare a key’s name with what others see: all are shown the same list.
          </p>
        </>
      )}
    </Show>
  );
}
