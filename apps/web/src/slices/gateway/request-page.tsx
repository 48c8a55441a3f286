import type { GatewayRequest } from '@breakwater/contract';
import { gatewayRecord, gatewayTraffic } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Digest } from '../../ui/digest.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { durationWords } from '../../ui/time.ts';
import { Download } from '../session/download.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { CorrectIt } from './correct-it.tsx';
import { figure, moneyWords } from './figures.ts';
import { markName } from './mark-words.ts';
import { NothingSuch } from './nothing-such.tsx';
import { RequestProof } from './request-proof.tsx';
import { figuresWords, pathWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const request = parseId('request', params['request'] ?? '');
    if (request !== null) begin(reader, gatewayRecord.request, { params: { request } });
  },
  Page: RequestPage,
};

/** One request as it was recorded, and its proof. */
function RequestPage({ params }: Address) {
  const id = parseId('request', params['request'] ?? '');
  return id === null ? <NothingSuch what="request" /> : <Found id={id} key={id} />;
}

function Found({ id }: { readonly id: Id<'request'> }) {
  const read = useLoad(gatewayRecord.request, { params: { request: id } });
  return (
    <Page
      title="A request"
      lede="As it was recorded for both sides. What was said is in no record; its digests are."
    >
      <Show what="the request" {...read}>
        {(request) => (
          <>
            <Section
              id="recorded"
              title="As it was recorded"
              lede="Counted by the endpoint’s own figures where it told them."
            >
              <Recorded request={request} />
              {request.inside === null ? null : <CorrectIt request={request} />}
            </Section>
            <Corrections id={id} currency={request.currency} />
            <Section
              id="proof"
              title="Proof"
              lede="Fetched now, and checked in this browser: no word of the server is taken for it."
            >
              <RequestProof id={id} />
            </Section>
          </>
        )}
      </Show>
    </Page>
  );
}

function Recorded({ request }: { readonly request: GatewayRequest }) {
  const { id, key, party, developer, path, stream, status, startedAt, endedAt } = request;
  const { figures, settled, reserved, requestDigest, responseDigest, inside, bodies } = request;
  const took = Date.parse(endedAt) - Date.parse(startedAt);
  const amounts = (of: GatewayRequest['settled']) => amountsOf(of, request.currency);
  return (
    <Facts
      items={[
        [
          'Id',
          <code key="id" className="whole-digest">
            {id}
          </code>,
        ],
        [
          'Key',
          <a key="key" href={pathTo('gatewayKey', { gkey: key })}>
            its page
          </a>,
        ],
        ['Between', `${party.name} and ${developer.name}`],
        ['What', `${pathWords(path)}${stream ? ', streamed' : ''}, answered with HTTP ${status}`],
        ['Began', <Time key="began" at={startedAt} />],
        ['Took', durationWords(took)],
        ['Set aside', amounts(reserved)],
        ['Counted', `${amounts(settled)}. ${figuresWords(figures)[1]}`],
        ['Asked', <Digest key="asked" value={requestDigest} />],
        [
          'Answered',
          responseDigest === null ? 'lost' : <Digest key="answered" value={responseDigest} />,
        ],
        ...(inside === null
          ? []
          : [
              ['Process', inside.process] as const,
              ['Marks', inside.marks.map(markName).join('; ') || 'none'] as const,
            ]),
        [
          'Kept',
          bodies.length === 0
            ? 'nothing'
            : bodies.map((side) => (
                <Download
                  key={side}
                  operation={gatewayRecord.body}
                  input={{ params: { request: id, side } }}
                  fileName={`${id}.${side}.age`}
                >
                  {side === 'request' ? 'What was asked' : 'What was answered'}
                </Download>
              )),
        ],
      ]}
    />
  );
}

function amountsOf(of: GatewayRequest['settled'], currency: string | null): string {
  const money = currency === null ? '' : `, ${moneyWords(of.costMicros, currency)}`;
  return `${figure(of.inputTokens)} tokens in, ${figure(of.outputTokens)} out${money}`;
}

interface CorrectionsProps {
  readonly id: Id<'request'>;
  readonly currency: string | null;
}

/** What its developer corrected of it afterwards; nothing where nothing was. */
function Corrections({ id, currency }: CorrectionsProps) {
  const { loaded } = useLoad(gatewayTraffic.corrections, { params: { request: id } });
  const items = loaded.state === 'ready' ? loaded.data.items : [];
  if (items.length === 0) return null;
  return (
    <Section
      id="corrected"
      title="Corrected"
      lede="By the developer, with a reason. What was recorded stays; the quota counts what is here."
    >
      {items.map(({ at, reason, ...amounts }) => (
        <div key={at}>
          <p>
            {amountsOf(amounts, currency)}, <Time at={at} />
          </p>
          {reason === null ? null : <QuoteBlock text={reason} />}
        </div>
      ))}
    </Section>
  );
}
