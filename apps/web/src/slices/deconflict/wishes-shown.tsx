import type { QuietPeriod, Wishes } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { QuoteBlock, RawText } from '../../ui/quote.tsx';
import { quietWords } from './quiet-words.ts';

/** One statement of wishes, with where it comes from. */
export function WishesShown({ item }: { readonly item: Wishes }) {
  const { optOut, quiet, quietUntil, pace, channels, policies, threatModel } = item;
  return (
    <article className="wishes">
      <p className="small">
        <code>{item.target}</code> {item.state === 'held' ? null : <Badge>{item.state}</Badge>}
      </p>
      {optOut === null ? null : (
        <Note tone="fired" title="The owner wants no search here">
          {optOut.words === null ? null : <QuoteBlock text={optOut.words} />}
        </Note>
      )}
      {quietUntil === null ? null : (
        <Note tone="warn" title="Quiet now">
          <p className="small">
            The owner wants nobody to look until <Moment at={quietUntil} />.
          </p>
        </Note>
      )}
      <Facts
        items={[
          ...(quiet.length === 0
            ? []
            : [['Quiet', <Quiet key="quiet" periods={quiet} />] as const]),
          ...(pace === null ? [] : [['Pace', paceWords(pace)] as const]),
          ...(channels.length === 0
            ? []
            : [
                [
                  'Tell',
                  <ul key="tell">
                    {channels.map(({ kind, address }) => (
                      <li key={`${kind} ${address}`}>
                        {kind === 'here' ? 'through a case here' : <code>{address}</code>}
                      </li>
                    ))}
                  </ul>,
                ] as const,
              ]),
          ...(policies.length === 0
            ? []
            : [
                [
                  'Policy',
                  <ul key="policy">
                    {policies.map((url) => (
                      <li key={url}>
                        <code>{url}</code>
                      </li>
                    ))}
                  </ul>,
                ] as const,
              ]),
        ]}
      />
      {threatModel === null ? null : <RawText label="Threat model" text={threatModel} />}
      <NotVulnerabilities items={item.notVulnerabilities} />
      {item.quoted === null ? null : <RawText label="The file they publish" text={item.quoted} />}
      <p className="small faint">{sourceWords(item)}</p>
    </article>
  );
}

function Quiet({ periods }: { readonly periods: readonly QuietPeriod[] }) {
  return (
    <ul>
      {periods.map((period) => (
        <li key={JSON.stringify(period)}>{quietWords(period)}</li>
      ))}
    </ul>
  );
}

function NotVulnerabilities({ items }: { readonly items: Wishes['notVulnerabilities'] }) {
  if (items.length === 0) return null;
  return (
    <details className="fold">
      <summary>Not a vulnerability to them ({items.length})</summary>
      <ul className="small not-vulnerable">
        {items.map(({ weakness, path, words }) => (
          <li key={`${weakness} ${path} ${words}`}>
            <code>{weakness ?? 'any class'}</code> in <code>{path ?? 'any path'}</code>
            {words === null ? null : <QuoteBlock text={words} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

function paceWords({ capacityPerWeek, paused }: NonNullable<Wishes['pace']>): string {
  if (paused) return 'paused: nothing new comes to them now';
  return capacityPerWeek === null ? 'cases as they come' : `${capacityPerWeek} cases a week`;
}

const formWords = {
  form: 'Stated here',
  'security-txt': 'From their security.txt',
  'security-md': 'From their SECURITY.md',
  'csaf-provider': 'From their CSAF provider metadata',
  federation: 'From another installation’s feed',
} as const;

function sourceWords({ source }: Wishes): string {
  return `${formWords[source.form]}${source.from === null ? '' : `, ${source.from}`}, by ${source.by.name}`;
}
