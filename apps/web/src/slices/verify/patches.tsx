import type { Patch } from '@breakwater/contract';
import { validate, verify } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Marks } from '../../ui/marks.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { sizeWords } from '../../ui/size.ts';
import { Download } from '../session/download.tsx';
import { AttemptTable } from '../validate/attempt-table.tsx';
import { verdictOf } from './patch-verdict.ts';

type Verification = NonNullable<Patch['verification']>;

/** Every patch against every proof, without and with it. */
export function Patches({ items }: { readonly items: readonly Patch[] }) {
  return (
    <Section
      id="patches"
      title="Patches"
      lede="Every proof runs on the build without and with the patch. Verified means: it fires without, stays quiet with, and the owner’s tests pass."
    >
      {items.length === 0 ? <Empty>No patch has been proposed yet.</Empty> : null}
      <ol className="patches">
        {items.map((patch) => (
          <PatchItem key={patch.id} patch={patch} />
        ))}
      </ol>
    </Section>
  );
}

function PatchItem({ patch }: { readonly patch: Patch }) {
  const { verification } = patch;
  const verdict = verdictOf(verification);
  return (
    <li className={`patch tone-${verdict.tone}`} id={patch.id}>
      <div className="patch-head">
        <h3>
          <Quote text={patch.title} />
        </h3>
        <Badge tone={verdict.tone}>{verdict.label}</Badge>
      </div>
      <p className="small soft">
        {patch.by.name} · <Moment at={patch.at} />
      </p>
      <p>{verdict.words}</p>
      {verification === null || verification.reasons.length === 0 ? null : (
        <ul className="reasons">
          {verification.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {verification === null || verification.matrix.length === 0 ? null : (
        <Matrix verification={verification} />
      )}
      {verification === null || verification.attempts.length === 0 ? null : (
        <AttemptTable attempts={verification.attempts} />
      )}
      <PatchFiles patch={patch} />
    </li>
  );
}

function Matrix({ verification }: { readonly verification: Verification }) {
  const { matrix, tests } = verification;
  return (
    <table className="matrix stacking">
      <caption className="unseen">Proofs by build</caption>
      <thead>
        <tr>
          <th scope="col">Proof</th>
          <th scope="col">Without the patch</th>
          <th scope="col">With the patch</th>
        </tr>
      </thead>
      <tbody>
        {matrix.map((row) => (
          <tr key={`${row.finding} ${row.label}`}>
            <th scope="row">
              {row.finding === null ? row.label : <a href={`#${row.finding}`}>{row.label}</a>}
            </th>
            <td data-label="Without the patch">
              <Fired count={row.unpatched} mustFire />
            </td>
            <td data-label="With the patch">
              <Fired count={row.patched} mustFire={false} />
            </td>
          </tr>
        ))}
        {tests === null ? null : (
          <tr>
            <th scope="row">The owner’s tests</th>
            <td data-label="Without the patch">{tests.unpatched}</td>
            <td data-label="With the patch">{tests.patched}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface FiredProps {
  readonly count: { readonly fired: number; readonly of: number };
  readonly mustFire: boolean;
}

function Fired({ count, mustFire }: FiredProps) {
  const marks = Array.from({ length: Math.min(count.of, 50) }, (_, at) => ({
    key: String(at),
    shape: at < count.fired ? ('full' as const) : ('open' as const),
    words: at < count.fired ? 'fired' : 'did not fire',
  }));
  return (
    <span className="fired-cell">
      <span aria-hidden="true">
        <Marks marks={marks} alarming={!mustFire} />
      </span>
      <span className="num">
        fired {count.fired} of {count.of}
      </span>
    </span>
  );
}

function PatchFiles({ patch }: { readonly patch: Patch }) {
  const attestation = patch.verification?.attestation ?? null;
  return (
    <p className="files small">
      <Download
        operation={verify.file}
        input={{ params: { patch: patch.id } }}
        fileName={`${patch.id}.diff`}
      >
        Download the diff
      </Download>
      <span className="faint num">{sizeWords(patch.size)}</span>
      <Digest value={patch.sha256} />
      {attestation === null ? null : (
        <Download
          operation={validate.attestation}
          input={{ params: { attestation } }}
          fileName={`${attestation}.dsse.json`}
        >
          Download the attestation
        </Download>
      )}
    </p>
  );
}
