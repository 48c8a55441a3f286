import type { Output, QuotaLine } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Ago, Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { QuotaBar } from '../../ui/quota-bar.tsx';
import { countWords } from '../../ui/size.ts';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { figure, moneyWords } from './figures.ts';
import { amountWords, kindWords, spanWords } from './words.ts';

type Usage = Output<typeof gateway.usage>;

const spans = ['minute', 'day', 'grant'] as const;

interface UsageShownProps {
  readonly id: Id<'gkey'>;
  readonly isLive: boolean;
  /** Nothing is left of what has ended: what it used is all there is to say. */
  readonly isOver: boolean;
}

/** What a key used of its quotas; read again every few seconds while the key works. */
export function UsageShown({ id, isLive, isOver }: UsageShownProps) {
  const read = useLoad(gateway.usage, { params: { gkey: id } }, { againWhile: () => isLive });
  return (
    <Show what="what was used" {...read}>
      {(usage) => (
        <>
          <p>{spentWords(usage)}</p>
          {isOver ? null : usage.lines.length === 0 ? (
            <Empty>Nothing but the size of one request and how many run at once is limited.</Empty>
          ) : (
            spans.map((span) => <Span key={span} span={span} usage={usage} />)
          )}
          <p className="small faint">
            By the gateway’s clock, <Time at={usage.asOf} />
          </p>
        </>
      )}
    </Show>
  );
}

interface SpanProps {
  readonly span: (typeof spans)[number];
  readonly usage: Usage;
}

function Span({ span, usage }: SpanProps) {
  const lines = usage.lines.filter((line) => line.span === span);
  if (lines.length === 0) return null;
  return (
    <div className="quota-span">
      <h3>{spanWords[span]}</h3>
      <div className="quotas">
        {lines.map((line) => (
          <QuotaBar
            key={line.kind}
            title={kindWords[line.kind]}
            used={line.spent}
            held={line.reserved}
            limit={line.limit}
            left={line.left}
            words={(value) => amountWords(line.kind, value, usage.currency)}
            more={<More line={line} />}
          />
        ))}
      </div>
    </div>
  );
}

function More({ line: { renewsAt, span } }: { readonly line: QuotaLine }) {
  if (renewsAt === null) return 'With this key no more comes.';
  if (span === 'minute') return 'All of it again with the next minute.';
  return (
    <>
      All of it again <Ago at={renewsAt} />.
    </>
  );
}

function spentWords({ spent, currency }: Usage): string {
  if (spent.requests === 0) return 'Not used yet.';
  const money = currency === null ? '' : `, ${moneyWords(spent.costMicros, currency)}`;
  const tokens = `${figure(spent.inputTokens)} tokens in, ${figure(spent.outputTokens)} out`;
  return `${countWords(spent.requests, 'request')} so far: ${tokens}${money}.`;
}
