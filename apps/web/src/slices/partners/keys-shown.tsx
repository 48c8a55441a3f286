import type { KeyFinding, TurnedKey } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Time } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useCriteria } from './use-criteria.ts';
import { sideNames, verdictWords } from './words.ts';

interface KeysProps {
  readonly keys: readonly TurnedKey[];
  /** Of the criteria that were judged by. */
  readonly version: number;
}

/** The keys that were turned, the newest round first, with their reasons. */
export function KeysShown({ keys, version }: KeysProps) {
  const rounds = [...new Set(keys.map(({ round }) => round))].toSorted((a, b) => b - a);
  return (
    <div className="partner-keys">
      {rounds.map((round) => (
        <div key={round} className="partner-round">
          {rounds.length < 2 ? null : <h3>{round === 1 ? 'Before the appeal' : 'On appeal'}</h3>}
          {keys
            .filter((key) => key.round === round)
            .map((key) => (
              <KeyShown key={key.side} turned={key} version={version} />
            ))}
        </div>
      ))}
    </div>
  );
}

function KeyShown({ turned, version }: { readonly turned: TurnedKey; readonly version: number }) {
  const { side, verdict, at, reason, findings } = turned;
  return (
    <article className="partner-key">
      <p className="partner-standing">
        <strong>{sideNames[side]}</strong>
        <Badge tone={verdict === 'accept' ? 'held' : 'fired'}>{verdictWords[verdict]}</Badge>
        <span className="small soft">
          <Time at={at} />
        </span>
      </p>
      {reason === null ? (
        <p className="small soft">The reason was erased.</p>
      ) : (
        <QuoteBlock text={reason} />
      )}
      {findings === null ? null : <FindingsShown findings={findings} version={version} />}
    </article>
  );
}

interface FindingsProps {
  readonly findings: readonly KeyFinding[];
  /** Of the criteria; null: the newest. */
  readonly version: number | null;
}

/** Each criterion, met or not, and why. */
export function FindingsShown({ findings, version }: FindingsProps) {
  const criteria = useCriteria(version);
  return (
    <ul className="findings-met">
      {findings.map(({ criterion, met, why }) => (
        <li key={criterion}>
          <Badge tone={met ? 'held' : 'fired'}>{met ? 'Met' : 'Not met'}</Badge>
          <span>
            {criteria.get(criterion)?.words ?? criterion}
            {why === undefined || why === '' ? null : (
              <span className="small soft under">“{why}”</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
