import type { Finding, Output } from '@breakwater/contract';
import { type correlate, record } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Digest } from '../../ui/digest.tsx';
import { TlpLabel } from '../../ui/marking.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Quote, RawText } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { sizeWords } from '../../ui/size.ts';
import { Download } from '../session/download.tsx';
import { whyJoined } from './reasons.ts';
import { UndoJoin } from './undo-join.tsx';

export type Findings = Output<typeof correlate.findings>;
type Membership = Findings['members'][number];
type Join = Findings['joins'][number];

/** The findings joined in a case, why each was joined, and every merge and split. */
export function Evidence({ members, joins }: Findings) {
  return (
    <Section
      id="evidence"
      title="Evidence"
      lede="Every report of this root cause, who handed it in, and why it stands here. Nothing is deleted by joining."
    >
      <ol className="findings">
        {members.map((member) => (
          <FindingItem key={member.finding.id} member={member} />
        ))}
      </ol>
      {joins.length === 0 ? null : (
        <>
          <h3>Merges and splits</h3>
          <ol className="joins">
            {joins.map((join) => (
              <JoinItem key={join.id} join={join} />
            ))}
          </ol>
        </>
      )}
    </Section>
  );
}

function FindingItem({ member }: { readonly member: Membership }) {
  const { finding } = member;
  return (
    <li className="finding" id={finding.id}>
      <div className="finding-head">
        <h3>
          <Quote text={finding.title} />
        </h3>
        <TlpLabel label={finding.marking} />
      </div>
      <p className="finding-why">{whyJoined(member.by, member.evidence)}</p>
      <p className="small soft">
        {finding.reporter === null ? 'A reporter you may not know' : finding.reporter.name}
        {finding.tool === null ? null : (
          <>
            {' '}
            with <Quote text={finding.tool} />
          </>
        )}{' '}
        · <Moment at={finding.receivedAt} /> · version{' '}
        <span className="mono">{finding.version}</span>
      </p>
      <FindingDetails finding={finding} />
      <ul className="contents" aria-label="What came in, verbatim">
        {finding.contents.filter(isFile).map((content) => (
          <li key={content.content} className="small">
            <Download
              operation={record.content}
              input={{ params: { content: content.content } }}
              fileName={content.name}
            >
              {content.name}
            </Download>
            <span className="faint num">{sizeWords(content.size)}</span>
            <Digest value={content.sha256} />
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Title, tool and facts are kept as content too, but are shown above in words. */
function isFile(content: Finding['contents'][number]): boolean {
  return !['title.txt', 'tool.txt', 'facts.json'].includes(content.name);
}

function FindingDetails({ finding }: { readonly finding: Finding }) {
  const { weakness, location, identifiers, description } = finding;
  const place = location === null ? null : placeWords(location);
  const known = [weakness, place, ...identifiers].filter((fact) => fact !== null);
  return (
    <>
      {known.length === 0 ? null : (
        <ul className="tags" aria-label="Weakness, place and identifiers as reported">
          {known.map((fact) => (
            <li key={fact} className="mono">
              {fact}
            </li>
          ))}
        </ul>
      )}
      {description === null ? null : (
        <RawText label="The report in the reporter’s words" text={description} />
      )}
    </>
  );
}

function placeWords(location: NonNullable<Finding['location']>): string {
  const line = location.line === undefined ? '' : `:${location.line}`;
  const name = location.function === undefined ? '' : ` ${location.function}()`;
  return `${location.path}${line}${name}`;
}

function JoinItem({ join }: { readonly join: Join }) {
  const verb = join.kind === 'merge' ? 'merged' : 'split';
  return (
    <li className="join small">
      <p>
        <strong>{join.by.name}</strong> {verb} <CaseLink id={join.from} /> into{' '}
        <CaseLink id={join.into} /> · <Moment at={join.at} />
      </p>
      <p className="soft">
        Reason: <Quote text={join.reason} />
      </p>
      {join.undone === null ? (
        <UndoJoin join={join.id} kind={join.kind} />
      ) : (
        <p className="soft">
          Undone by {join.undone.by.name}, <Moment at={join.undone.at} />:{' '}
          <Quote text={join.undone.reason} />
        </p>
      )}
    </li>
  );
}

function CaseLink({ id }: { readonly id: string }) {
  return (
    <a className="mono" href={pathTo('case', { case: id })}>
      {id.slice(0, 12)}…
    </a>
  );
}
