import { terms as contract, type Redline, termsKinds } from '@breakwater/contract';
import { type Id, ok, type Result, refuse, sha256, utf8 } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { decide } from '../decide.ts';
import { entryOf } from '../keep.ts';
import { refusals } from '../refusals.ts';
import { sideOf } from '../side.ts';
import { findEngagement } from '../store.ts';
import { redline } from './redline.ts';
import { insertSignature, insertTerms, type TermsRow } from './store.ts';
import { readTerms, termsView, writeSigner } from './views.ts';

/** The operations by which both sides come to terms. */
export function termsRoutes(services: Services): readonly Route[] {
  const { database, content } = services;
  return [
    route(contract.propose, (call) => propose(services, call)),
    route(contract.list, async ({ params }) => {
      const book = await database.read((r) => readTerms(r, params.engagement));
      const inOrder = termsKinds.flatMap((kind) =>
        book.rows.filter((row) => row.kind === kind).toReversed(),
      );
      const views = await Promise.all(inOrder.map(({ id }) => termsView(services, book, id)));
      return ok({ items: views.flatMap((view) => view ?? []) });
    }),
    route(contract.get, async ({ params }) => {
      const book = await database.read((r) => readTerms(r, params.engagement));
      const row = book.rows.find(({ id }) => id === params.terms);
      const view = await termsView(services, book, params.terms);
      if (row === undefined || view === null) return notFound('terms');
      return ok({ ...view, text: await content.getText(row.content) });
    }),
    route(contract.redline, async ({ params, query }) => {
      const { rows } = await database.read((r) => readTerms(r, params.engagement));
      return await redlineOf(services, rows, { to: params.terms, from: query.from });
    }),
    route(contract.sign, (call) => sign(services, call)),
  ];
}

/** ENG-9: a version is proposed by either side, and its digest goes into the log. */
async function propose(
  services: Services,
  { actor, params, body, envelope }: Call<typeof contract.propose>,
): Promise<Result<{ terms: Id<'terms'>; version: number; digest: string }>> {
  const text = await services.content.putText(body.text, 'terms.txt');
  const digest = digestOfText(body.text);
  const executed = await services.execute<{ terms: Id<'terms'>; version: number; digest: string }>(
    envelope,
    async (tx, now) => {
      const engagement = await findEngagement(tx, params.engagement);
      if (engagement === null) return notFound('an engagement');
      const terms = newId('terms');
      const { kind } = body;
      const facts = { now, side: sideOf(engagement, actor.id) };
      const decided = decide(engagement, { act: 'propose-terms', terms, kind, digest }, facts);
      if (!decided.ok) return decided;
      const [event] = decided.value;
      if (event?.act !== 'engage.terms-proposed') throw new Error('expected a proposal');
      const { version, side } = event;
      await insertTerms(tx, {
        id: terms,
        engagement: engagement.id,
        kind,
        version,
        side,
        party: partyOf(actor),
        digest,
        content: text.id,
        proposed_at: now,
      });
      return ok({
        events: [entryOf(engagement.id, event, { content: text.id })],
        contents: [{ ref: text, subject: engagement.id, level: sealed }],
        response: { terms, version, digest },
      });
    },
  );
  return responseOf(executed);
}

/** ENG-9: a person signs for its side what it read, which the digest shows. */
async function sign(
  services: Services,
  { actor, member, params, body, envelope }: Call<typeof contract.sign>,
): Promise<Result<{ terms: Id<'terms'>; inForce: boolean }>> {
  const signer = await services.content.putText(writeSigner(body), 'signer.txt');
  const executed = await services.execute<{ terms: Id<'terms'>; inForce: boolean }>(
    envelope,
    async (tx, now) => {
      const engagement = await findEngagement(tx, params.engagement);
      const version = engagement?.terms.find(({ id }) => id === params.terms);
      if (engagement === null || version === undefined) return notFound('terms');
      const { digest } = body;
      const facts = { now, side: sideOf(engagement, actor.id) };
      const command = { act: 'sign-terms', terms: version.id, digest } as const;
      const decided = decide(engagement, command, facts);
      if (!decided.ok) return decided;
      const [event] = decided.value;
      if (event?.act !== 'engage.terms-signed') throw new Error('expected a signature');
      await insertSignature(tx, {
        terms: version.id,
        side: event.side,
        engagement: engagement.id,
        party: partyOf(actor),
        member,
        name_content: signer.id,
        digest,
        signed_at: now,
      });
      const response = { terms: version.id, inForce: Object.keys(version.signed).length > 0 };
      return ok({
        events: [entryOf(engagement.id, event, { member, signer: signer.id })],
        contents: [{ ref: signer, subject: engagement.id, level: sealed }],
        response,
      });
    },
  );
  return responseOf(executed);
}

async function redlineOf(
  { content }: Pick<Services, 'content'>,
  rows: readonly TermsRow[],
  asked: { readonly to: string; readonly from: string | undefined },
): Promise<Result<Redline>> {
  const to = rows.find(({ id }) => id === asked.to);
  if (to === undefined) return notFound('terms');
  const from = rows.find(({ id, kind, version }) =>
    asked.from === undefined ? kind === to.kind && version === to.version - 1 : id === asked.from,
  );
  if (from === undefined) return refuse(refusals.noSuchVersion);
  const [before, after] = [await content.getText(from.content), await content.getText(to.content)];
  if (before === null || after === null) return refuse(erased);
  return ok({ from: from.id, to: to.id, parts: redline(before, after) });
}

function digestOfText(text: string): string {
  return `sha256:${Buffer.from(sha256(utf8(text))).toString('hex')}`;
}

const erased = {
  code: 'erased',
  expected: 'two versions whose texts are there',
  got: 'one whose text was erased',
  todo: 'nothing: its digest stays in the log',
} as const;
