import type { BeforeYouJoin } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import { Fragment } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { fullMoment } from '../../ui/time.ts';
import { Download } from '../session/download.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';

export const screen: Screen = {
  load: (reader) => begin(reader, engage.before),
  Page: BeforePage,
};

/** What to know before joining, for anybody; it prints as a pack for counsel. */
function BeforePage() {
  const read = useLoad(engage.before, {});
  return (
    <Page
      title="Before you join"
      lede="Taking part is voluntary, and so is staying. This is what is shared, who sees it, what the law lets be done with it, and how you leave."
      actions={
        <>
          <Button onPress={() => print()}>Print it</Button>
          <Download operation={engage.beforePack} input={{}} fileName="before-you-join.html">
            Save the pack for counsel
          </Download>
        </>
      }
      width="narrow"
    >
      <Show what="what to know" {...read}>
        {(before) => <Told before={before} />}
      </Show>
    </Page>
  );
}

function Told({ before: { asOf, sections, statutes } }: { readonly before: BeforeYouJoin }) {
  return (
    <>
      {sections.map(({ id, title, statements }) => (
        <section key={id} className="section" id={id} aria-labelledby={`${id}-title`}>
          <h2 id={`${id}-title`} className="few-title">
            {title}
          </h2>
          <ul className="statements">
            {statements.map(({ text, source }) => (
              <li key={text}>
                <p>
                  <WithCommands text={text} />
                </p>
                <p className="small faint">{source}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <Section
        id="statutes"
        title="The statutes it stands on"
        lede="In force or not, as far as this installation knows."
      >
        <ul className="statements">
          {statutes.map(({ id, name, citation, until, inForce, says, source }) => (
            <li key={id}>
              <h3>
                {name}{' '}
                <Badge tone={inForce ? 'sea' : 'warn'}>
                  {inForce ? 'in force' : 'not in force'}
                </Badge>
              </h3>
              <p className="small soft">
                {citation}
                {until === null ? null : `; until ${until}`}
              </p>
              <p>{says}</p>
              <p className="small faint">{source}</p>
            </li>
          ))}
        </ul>
        <p className="small soft mt-4">Looked at {fullMoment(asOf, 'UTC')}.</p>
      </Section>
    </>
  );
}

/** A sentence whose commands, which stand between backticks, are set as such. */
function WithCommands({ text }: { readonly text: string }) {
  const parts = text.split('`').map((part, at) => ({ part, key: at, isCommand: at % 2 === 1 }));
  return parts.map(({ part, key, isCommand }) =>
    isCommand ? <code key={key}>{part}</code> : <Fragment key={key}>{part}</Fragment>,
  );
}
