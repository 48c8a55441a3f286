import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Disclosure, designate, earlyAccess, engage } from '@breakwater/contract';
import { canonicalJson, type Id, type Json, toBase64 } from '@breakwater/kernel';
import { formatVerifierKey } from '@breakwater/log';
import { logVerifierKeys } from '../../apps/server/src/platform/journal/log-keys.ts';
import { disclosureOf } from '../../apps/server/src/slices/oversight/record/routes.ts';
import type { TestParty, TestServer } from '../../apps/server/test/harness.ts';

/** What has to stand in the log at the end, step by step. */
export const story = [
  'engage.opened',
  'engage.dates-stated',
  'engage.terms-proposed',
  'engage.terms-signed',
  'benchmark.sealed',
  'designate.rule-registered',
  'designate.file-opened',
  'designate.run-attached',
  'designate.evaluated',
  'designate.consulted',
  'designate.determined',
  'early-access.plan-stated',
  'early-access.window-opened',
  'early-access.person-added',
  'early-access.protection-accepted',
  'early-access.used',
  'engage.released',
  'early-access.return-attested',
  'partners.criteria-published',
  'partners.tier-opened',
  'partners.applied',
  'partners.interest-stated',
  'partners.key-turned',
  'partners.answered',
  'partners.terms-accepted',
];

/** Every act on an engagement and on its window, as its developer has it from the server. */
export async function actsOf(
  { client }: TestParty,
  { engagement, window }: { readonly engagement: Id<'engagement'>; readonly window: Id<'window'> },
): Promise<readonly Disclosure[]> {
  const [ofEngagement, ofWindow] = [{ engagement }, { window }];
  const told = await client.call(engage.acts, { params: ofEngagement });
  const inside = await client.call(earlyAccess.acts, { params: ofWindow });
  return await Promise.all([
    ...told.items.map(({ entry }) =>
      client.call(engage.actProof, { params: { ...ofEngagement, entry } }),
    ),
    ...inside.items.map(({ entry }) =>
      client.call(earlyAccess.actProof, { params: { ...ofWindow, entry } }),
    ),
  ]);
}

/** Every act on a file, and the rule that it is judged by. */
export async function actsOfFile(
  { client }: TestParty,
  file: Id<'file'>,
): Promise<readonly Disclosure[]> {
  const params = { file };
  const { items } = await client.call(designate.acts, { params });
  const { rule } = await client.call(designate.file, { params });
  const proofs = items.map(({ entry }) =>
    client.call(designate.actProof, { params: { ...params, entry } }),
  );
  const of = rule === null ? [] : [client.call(designate.ruleProof, { params: { rule: rule.id } })];
  return await Promise.all([...proofs, ...of]);
}

/** Every kind of act of partners, the newest of each subject, as the server itself holds it. */
export async function actsOfPartners(server: TestServer): Promise<readonly Disclosure[]> {
  const { rows } = await server.services.database.raw(
    `select distinct subject, act from journal.entry where act like 'partners.%'`,
  );
  const told = await Promise.all(
    rows.map(({ subject, act }) => disclosureOf(server.services, String(subject), String(act))),
  );
  return told.flatMap((each) => (each === null ? [] : [each]));
}

const goFolder = path.join(import.meta.dirname, '../interop/go');

/** Why the log cannot be checked here by Go's own code; null where it can. */
export const noGo: string | null =
  spawnSync('go', ['mod', 'download'], { cwd: goFolder }).status === 0
    ? null
    : 'needs go, and its module';

/** Go's own implementation of signed notes and Merkle proofs, built once. */
export async function buildGoChecker(): Promise<
  AsyncDisposable & { readonly check: (server: TestServer, disclosure: Disclosure) => string }
> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-go-'));
  const program = path.join(folder, 'check');
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: goFolder, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
  return {
    check({ services }, disclosure) {
      const keys = logVerifierKeys(services.signer, services.logOrigin).map(formatVerifierKey);
      const canonical = toBase64(canonicalJson(disclosure.content as Json)); // parsed from JSON
      const input = JSON.stringify({ ...disclosure, key: keys.at(-1), canonical });
      return spawnSync(program, { input, encoding: 'utf8' }).stdout.trim();
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}
