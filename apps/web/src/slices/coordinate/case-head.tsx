import type { Case } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Note } from '../../ui/note.tsx';
import { Path } from '../../ui/path.tsx';
import { Quote } from '../../ui/quote.tsx';
import { CaseActs } from './case-acts.tsx';
import { pathOf } from './stage-path.ts';

export const levelWords = {
  summary: 'You see your own part',
  detail: 'You see the details',
  all: 'You see everything',
} as const;

/** Title, package, and how far the case has come. */
export function CaseHead({ shown }: { readonly shown: Case }) {
  return (
    <header className="case-head">
      <p className="case-of">
        <span className="mono">{shown.package}</span>
        <span className="mono case-version">{shown.version}</span>
        {shown.advisory === null ? null : <Badge tone="held">{shown.advisory}</Badge>}
      </p>
      <h1>
        <Quote text={shown.title} />
      </h1>
      <p className="small faint case-id">
        <span className="mono">{shown.id}</span> · {levelWords[shown.level]} · The title is quoted
        from a report.
      </p>
      {shown.mergedInto === null ? (
        <Path label="How far the case has come" steps={pathOf(shown.stage)} />
      ) : (
        <Note tone="sea" title="This case was merged into another">
          <p>
            Its findings and history are kept and count there:{' '}
            <a className="mono" href={pathTo('case', { case: shown.mergedInto })}>
              {shown.mergedInto}
            </a>
          </p>
        </Note>
      )}
      <CaseActs shown={shown} />
    </header>
  );
}
