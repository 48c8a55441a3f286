import { designate } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { RegisterRule } from './register-rule.tsx';
import { RuleShown } from './rule-shown.tsx';
import { measureWords } from './words.ts';

export const screen: Screen = { Page: RulesPage };

/** The threshold rules that the reader may see, each with its commitment in the log. */
function RulesPage() {
  const role = useMe()?.party.role;
  const [registering, setRegistering] = useState(false);
  const pages = usePages([designate.rules.id], (client, after) =>
    client.call(designate.rules, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Threshold rules"
      lede={
        <>
          Each says what is measured, and against what, before any run. What it says cannot be
          changed after. <a href={pathOf('files')}>Files</a>
        </>
      }
      actions={
        role === 'liaison' || role === 'official' ? (
          <Button kind="first" onPress={() => setRegistering(true)}>
            Register a rule
          </Button>
        ) : null
      }
      width="narrow"
    >
      <Show what="the rules" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No rule that you may see">
              <p>Once a rule is registered, its digest goes into the log. Then runs can count.</p>
            </EmptyState>
          ) : (
            rows.map((rule) => (
              <section key={rule.id} className="section" aria-labelledby={rule.id}>
                <h2 className="few-title" id={rule.id}>
                  {rule.document === null ? 'A rule' : measureWords[rule.document.measure]}
                </h2>
                <RuleShown rule={rule} />
              </section>
            ))
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      {registering ? <RegisterRule onDone={() => setRegistering(false)} /> : null}
    </Page>
  );
}
