import type { GatewayIncident } from '@breakwater/contract';
import { gatewayIncidents } from '@breakwater/contract';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Radios, TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, usePages } from '../session/server.ts';
import { Canaries } from './canaries.tsx';
import { closingChoices, closingWords, markWords } from './mark-words.ts';

/** What the watch said of keys, and what it watches for. */
export function IncidentsTab() {
  return (
    <>
      <Incidents />
      <Section
        id="canaries"
        title="Canaries"
        lede="Strings of yours, such as one in your evaluation data. Where one turns up, you hear of it."
      >
        <Canaries />
      </Section>
    </>
  );
}

/** It informs, and holds nothing up. */
function Incidents() {
  const [closing, setClosing] = useState<GatewayIncident | null>(null);
  const pages = usePages([gatewayIncidents.incidents.id], (client, after) =>
    client.call(gatewayIncidents.incidents, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <p className="soft small">
        Signs on one key, gathered until you close them. Nothing was held up by them.
      </p>
      <Show what="incidents" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No incident">
              <p>
                One stands here when requests by a key look like copying of the model, like a key in
                several hands, or bear a canary or a secret.
              </p>
            </EmptyState>
          ) : (
            <ul className="people-inside mt-4">
              {rows.map((each) => (
                <Incident key={each.id} incident={each} onClose={() => setClosing(each)} />
              ))}
            </ul>
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      {closing === null ? null : (
        <CloseIncident incident={closing} onDone={() => setClosing(null)} />
      )}
    </>
  );
}

interface IncidentProps {
  readonly incident: GatewayIncident;
  readonly onClose: () => void;
}

function Incident({ incident, onClose }: IncidentProps) {
  const { key, party, holder, raisedAt, lastAt, requests, marks, closed } = incident;
  const who = `${holder.name ?? 'name erased'}, ${party.name}`;
  return (
    <li className="person-inside">
      <div className="person-head">
        <h2>
          <a href={pathTo('gatewayKey', { gkey: key })}>{who}</a>
        </h2>
        <Badge tone={closed === null ? 'warn' : 'plain'}>
          {closed === null ? 'Open' : closingWords[closed.as]}
        </Badge>
      </div>
      <ul className="reasons">
        {marks.map(({ mark, requests: bearing }) => (
          <li key={mark}>
            {markWords[mark]}: {countWords(bearing, 'request')}
          </li>
        ))}
      </ul>
      <Facts
        items={[
          ['Raised', <Time key="raised" at={raisedAt} />],
          ['Last', <Time key="last" at={lastAt} />],
          ['In all', countWords(requests, 'request')],
        ]}
      />
      {closed === null ? (
        <Buttons>
          <Button label={`Close the incident of ${who}`} onPress={onClose}>
            Close
          </Button>
        </Buttons>
      ) : closed.reason === null ? null : (
        <QuoteBlock text={closed.reason} from={closed.by.name} />
      )}
    </li>
  );
}

function CloseIncident({
  incident,
  onDone,
}: {
  readonly incident: GatewayIncident;
  readonly onDone: () => void;
}) {
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayIncidents.closeIncident);
  const [as, setAs] = useState<keyof typeof closingWords | null>(null);
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open
      onClose={onDone}
      title="Close the incident"
      lede="What comes later on the same key raises another."
    >
      <ActForm
        label="Close it"
        busy={busy}
        problem={problem}
        reason={as === null || reason.trim() === '' ? 'Say what it came to, and why.' : null}
        onSubmit={() => {
          if (as === null) return;
          const body = { as, reason: reason.trim() };
          act({ params: { incident: incident.id }, body }, () => {
            say('Closed.');
            onDone();
          });
        }}
      >
        <Radios
          legend="What it came to"
          value={as ?? ''}
          onChange={(value) => setAs(closingChoices.find(([each]) => each === value)?.[0] ?? as)}
          choices={closingChoices}
        />
        <TextArea label="Why" value={reason} onChange={setReason} rows={3} />
      </ActForm>
    </Dialog>
  );
}
