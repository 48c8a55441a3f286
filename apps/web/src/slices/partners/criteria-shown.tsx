import type { PartnerCriteria, PartnerCriterion } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** The criteria: the newest, or the version in the address. */
export function CriteriaShown({ asked }: { readonly asked: string | undefined }) {
  const version = asked !== undefined && /^\d{1,5}$/.test(asked) ? Number(asked) : null;
  const read = useLoad(partners.criteria, version === null ? {} : { query: { version } });
  return (
    <Show what="the criteria" {...read}>
      {(found) => (
        <>
          <Version found={found} />
          <ol className="criteria">
            {found.criteria.map((criterion) => (
              <Criterion key={criterion.id} criterion={criterion} />
            ))}
          </ol>
        </>
      )}
    </Show>
  );
}

function Version({ found }: { readonly found: PartnerCriteria }) {
  if (found.draft) {
    return (
      <Note tone="warn" title="A draft, not in force">
        <p className="small">
          These come with the software. Until the Government publishes criteria here, nobody is
          judged by any, and nobody can apply.
        </p>
      </Note>
    );
  }
  const older = Array.from({ length: found.newest }, (_, at) => found.newest - at);
  return (
    <>
      <p className="small">
        Version {found.version}
        {found.publishedAt === null ? null : (
          <>
            , published <Moment at={found.publishedAt} />
          </>
        )}
        {found.version === found.newest ? null : '. It is not the newest'}.
        {found.why === null ? null : (
          <>
            {' '}
            Why: <Quote text={found.why} />
          </>
        )}
      </p>
      {older.length < 2 ? null : (
        <nav className="small soft criteria-versions" aria-label="Versions of the criteria">
          {older.slice(0, 20).map((version) => (
            <a
              key={version}
              href={`${pathOf('partners', { version: String(version) })}#criteria`}
              aria-current={version === found.version ? 'page' : undefined}
            >
              {version}
            </a>
          ))}
        </nav>
      )}
    </>
  );
}

function Criterion({ criterion }: { readonly criterion: PartnerCriterion }) {
  const { words, judgedBy, shownBy, appliesTo } = criterion;
  return (
    <li>
      <p className="criterion-words">{words}</p>
      <p className="small soft">How it is judged: {judgedBy}.</p>
      <p className="small soft">What shows it: {shownBy}.</p>
      {appliesTo.length === 2 ? null : (
        <p className="small soft">
          {appliesTo[0] === 'outputs'
            ? 'Only if you ask for results.'
            : 'Only if you ask for the model itself.'}
        </p>
      )}
    </li>
  );
}
