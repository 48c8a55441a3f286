import { type Patch, verify } from '@breakwater/contract';
import { digestOf, fromBase64, fromUtf8, type Id, ok, parseId, refuse } from '@breakwater/kernel';
import type { AttemptRecord } from '@breakwater/runner';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { fileRoute, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import type { VerifyNeeds } from './jobs.ts';
import { readKept } from './port.ts';
import {
  findVisiblePatch,
  insertPatch,
  insertVerification,
  newestVerification,
  type PatchRow,
  patchesOf,
  type VerificationRow,
} from './store.ts';

/** What the routes ask of other slices; bound in slices/index.ts. */
export interface VerifyRouteNeeds extends VerifyNeeds {
  mergedInto(reader: Reader, caseId: string): Promise<Id<'case'> | null>;
  /** The findings of a case that `actor` sees in detail. */
  visibleFindings(reader: Reader, caseId: string, actor: Actor): Promise<readonly string[]>;
  attemptView(
    attempt: AttemptRecord,
    place: { input: 'proof' | 'benign'; number: number },
  ): NonNullable<Patch['verification']>['attempts'][number];
}

/** The operations of this slice. */
export function verifyRoutes(services: Services, needs: VerifyRouteNeeds): readonly Route[] {
  const { database, execute, content } = services;
  return [
    route(verify.propose, async ({ params, body, envelope, actor }) => {
      const diff = fromBase64(body.diff);
      if (diff === null || !isUnifiedDiff(diff)) return refuse(notADiff);
      const title = await content.putText(body.title, 'title.txt');
      const ref = await content.put(diff, { name: 'fix.patch', mediaType: 'text/x-diff' });
      const executed = await execute(envelope, async (tx, now) => {
        if ((await needs.mergedInto(tx, params.case)) !== null) return refuse(merged);
        const known = await needs.proofs(tx, params.case);
        if (known === null) return refuse(noRecipe);
        if (known.proofs.length === 0) return refuse(noProof);
        const patch = newId('patch');
        const verification = newId('verification');
        await insertPatch(tx, {
          id: patch,
          case_id: params.case,
          by_party: actor.id,
          at: now,
          title_content: title.id,
          diff_content: ref.id,
          size: diff.length,
        });
        await insertVerification(tx, {
          id: verification,
          patch,
          case_id: params.case,
          requested_at: now,
        });
        const data = {
          patch,
          verification,
          case: params.case,
          diff: { content: ref.id, commitment: Buffer.from(ref.commitment).toString('hex') },
        };
        const contents = [
          { ref: title, subject: params.case, level: levels.detail },
          { ref, subject: params.case, level: levels.detail },
        ];
        const event = { act: 'verify.proposed', subject: params.case, data };
        return ok({ events: [event], contents, response: { patch, verification } });
      });
      return responseOf(executed);
    }),
    route(verify.list, async ({ params, actor, level }) => {
      const rows = await database.read((r) => patchesOf(r, params.case));
      const seen = rows.filter((row) => level >= levels.detail || row.by_party === actor.id);
      // An owner sees no proof of a finding that it does not see (VIS-4).
      const findings =
        level >= levels.all
          ? null
          : new Set(await database.read((r) => needs.visibleFindings(r, params.case, actor)));
      const views = await Promise.all(
        seen.map((row) => patchView(services, { ...needs, findings }, row)),
      );
      return ok({ items: level >= levels.detail ? views : views.map(withoutEvidence) });
    }),
    fileRoute(verify.file, async ({ params, actor, anonymous }) => {
      const row = await database.read((r) =>
        findVisiblePatch(r, params.patch, anonymous ? null : actor),
      );
      const bytes = row === null ? null : await content.get(row.diff_content);
      if (bytes === null) return notFound('a patch');
      return ok({ bytes, fileName: `${params.patch}.patch` });
    }),
  ];
}

/** For whoever may not see the other proofs of the case: the verdict, and nothing it rests on. */
function withoutEvidence(patch: Patch): Patch {
  const { verification } = patch;
  if (verification === null) return patch;
  const hidden = { reasons: [], matrix: [], tests: null, attempts: [], attestation: null };
  return { ...patch, verification: { ...verification, ...hidden } };
}

/** What a patch is shown with: the findings whose proofs may be seen; null: every one. */
type ViewNeeds = Pick<VerifyRouteNeeds, 'attemptView'> & {
  readonly findings: ReadonlySet<string> | null;
};

async function patchView(services: Services, needs: ViewNeeds, row: PatchRow): Promise<Patch> {
  const { content, database, directory } = services;
  const diff = await content.get(row.diff_content);
  const verification = await database.read((r) => newestVerification(r, row.id));
  return {
    id: row.id,
    case: row.case_id,
    title: (await content.getText(row.title_content)) ?? '(erased)',
    by: await directory.refOf(row.by_party),
    at: row.at,
    sha256: digestOf(diff ?? new Uint8Array()),
    size: row.size,
    verification:
      verification === null ? null : await verificationView(services, needs, verification),
  };
}

async function verificationView(
  services: Services,
  needs: ViewNeeds,
  row: VerificationRow,
): Promise<NonNullable<Patch['verification']>> {
  const kept = await readKept(services, row.result_content);
  const record = kept?.record ?? null;
  const tests = record?.tests ?? null;
  const all = record?.matrix ?? [];
  // By the name each proof ran under: where one was erased meanwhile, the rows are fewer.
  const proofs = all.filter(({ name }) => needs.findings?.has(name) ?? true);
  const hidden = all.filter((row) => !proofs.includes(row)).map(({ name }) => name);
  return {
    id: row.id,
    status: row.finished_at === null ? 'queued' : 'finished',
    finishedAt: row.finished_at,
    verdict: row.verdict,
    reasons:
      record === null
        ? kept?.refusal
          ? [kept.refusal]
          : []
        : reasonsWithout(hidden, record.judgement.reasons),
    matrix: proofs.map((m) => ({
      finding: parseId('finding', m.name),
      label: m.name,
      unpatched: firedOf(m.unpatched),
      patched: firedOf(m.patched),
    })),
    tests:
      tests === null ? null : { unpatched: tests.unpatched.reason, patched: tests.patched.reason },
    attempts: proofs.flatMap((m) => [
      ...m.unpatched.map((a, i) => needs.attemptView(a, { input: 'proof', number: i + 1 })),
      ...m.patched.map((a, i) => needs.attemptView(a, { input: 'proof', number: i + 1 })),
    ]),
    tier: record?.sandbox.tier ?? null,
    attestation: hidden.length > 0 ? null : parseId('attestation', kept?.attestation ?? ''),
  };
}

/** The reasons of a verdict without those that tell of hidden proofs, or how many there are. */
function reasonsWithout(
  hidden: readonly string[],
  reasons: readonly { readonly code: string; readonly text: string }[],
): string[] {
  const told = ({ code, text }: { code: string; text: string }) =>
    hidden.length === 0 || (code !== 'all-held' && !hidden.some((name) => text.includes(name)));
  return reasons.filter(told).map(({ text }) => text);
}

function firedOf(attempts: readonly AttemptRecord[]): { fired: number; of: number } {
  return {
    fired: attempts.filter((a) => a.outcome === 'fired' || a.outcome === 'crashed').length,
    of: attempts.length,
  };
}

/** Looks like a unified diff: at least one file header and one hunk. Applying it decides the rest. */
function isUnifiedDiff(bytes: Uint8Array): boolean {
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    return false;
  }
  return (
    /^--- \S/m.test(text) &&
    /^\+\+\+ \S/m.test(text) &&
    /^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m.test(text)
  );
}

const notADiff = {
  code: 'diff-malformed',
  expected: 'a unified diff in UTF-8, as git diff or diff -u write it, in base64',
  got: 'another text',
  todo: 'make the patch with git diff, or diff -u, from the root of the source',
  pointer: '/diff',
} as const;
const noRecipe = {
  code: 'no-recipe',
  expected: 'a case whose package has a recipe',
  got: 'a case without one',
  todo: 'add a recipe first: a patch is only a proposal until it is verified',
} as const;
const noProof = {
  code: 'no-proof',
  expected: 'a case with at least one proof that was reproduced',
  got: 'none so far',
  todo: 'wait for the validation, or hand in a proof',
} as const;
const merged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'propose the patch in the case it was joined into',
} as const;
