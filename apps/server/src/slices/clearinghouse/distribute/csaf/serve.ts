import { createHash } from 'node:crypto';
import { distribute } from '@breakwater/contract';
import { csafFileName } from '@breakwater/formats/csaf';
import { type Instant, type Json, utf8 } from '@breakwater/kernel';
import type { Context } from 'hono';
import { answerRefusal, tooManyRequests } from '../../../../answer.ts';
import { type App, arrivedOf } from '../../../../http.ts';
import type { Edge } from '../../../../platform/edge/edge.ts';
import {
  openPgpFingerprint,
  openPgpKey,
  openPgpSignature,
} from '../../../../platform/signer/openpgp.ts';
import { forCaches } from '../../../../same-for-all.ts';
import type { Services } from '../../../../services.ts';
import { documentsOf, issuerOf } from '../current.ts';
import { type ListedAdvisory, listPublic, versionsOf } from '../versions/store.ts';
import {
  changesText,
  indexText,
  listingPage,
  namesIn,
  providerMetadata,
  rolieFeed,
  rolieService,
} from './directory.ts';

/**
 * The documents as a CSAF provider lays them out (csaf-v2.0, 7.1 and 7.2.2): where others look for
 * them and under the names they expect. No operations of the contract: crawlers of CSAF ask here,
 * who know neither. All of it is public and says nothing but what was published.
 */
export function serveCsaf(app: App, services: Services, edge: Edge): void {
  app.use('/.well-known/csaf/*', async (c, next) => {
    const own = c.env?.administrator === true;
    // As the operation that lists them: some of these lists name all that ever was published.
    const { listAdvisories } = distribute;
    const wait = own ? null : edge.count(listAdvisories, null, edge.peer(arrivedOf(c)));
    if (wait === null) return await next();
    c.header('retry-after', String(wait));
    return answerRefusal(c, tooManyRequests(wait));
  });
  const issuer = () => issuerOf(services);
  const listed = async () => await services.database.read(listPublic);
  app.get('/.well-known/csaf/provider-metadata.json', async (c) => {
    // 7.1.3 and 7.1.9: without TLS nobody is a provider, and nobody shall be told so.
    if (!services.site().secure) return c.notFound();
    const updated = newest(await listed(), services);
    const fingerprints = services.signer.publicKeys('advisory').map(openPgpFingerprint);
    return await json(c, providerMetadata({ issuer: issuer(), updated, fingerprints }));
  });
  app.get('/.well-known/csaf/service.json', async (c) => await json(c, rolieService(issuer())));
  app.get('/.well-known/csaf/openpgp/:name', async (c) => {
    const name = c.req.param('name');
    const { signer } = services;
    const key = signer.publicKeys('advisory').find((k) => `${openPgpFingerprint(k)}.asc` === name);
    if (key === undefined) return c.notFound();
    const sign = (digest: Uint8Array) => signer.sign('advisory', digest, key.id);
    return await cached(c, openPgpKey(key, issuer().name, sign), 'application/pgp-keys');
  });
  app.get('/.well-known/csaf/white/feed-tlp-white.json', async (c) => {
    const all = await listed();
    const updated = newest(all, services);
    return await json(c, rolieFeed(all, { issuer: issuer(), updated }));
  });
  app.get('/.well-known/csaf/white/index.txt', async (c) => {
    return await cached(c, indexText(await listed()), 'text/plain; charset=utf-8');
  });
  app.get('/.well-known/csaf/white/changes.csv', async (c) => {
    return await cached(c, changesText(await listed()), 'text/csv; charset=utf-8');
  });
  app.get('/.well-known/csaf/white/', async (c) => {
    return await page(c, listingPage(namesIn(await listed(), null)));
  });
  app.get('/.well-known/csaf/white/:year/', async (c) => {
    const names = namesIn(await listed(), c.req.param('year'));
    return names.length === 0 ? c.notFound() : await page(c, listingPage(names));
  });
  app.get('/.well-known/csaf/white/:year/:name', async (c) => {
    const { year, name } = c.req.param();
    const found = await fileNamed(services, year, name);
    if (found === null) return c.notFound();
    return await cached(c, found.text, found.mediaType, found.modifiedAt);
  });
}

/** Ids as this house makes them, in the small letters of a file's name. */
const nameShape = /^(x_bw-\d{4}-[0-9a-hjkmnp-tv-z]{8})\.json(\.sha256|\.sha512|\.asc)?$/;

interface Found {
  readonly text: string;
  readonly mediaType: string;
  readonly modifiedAt: Instant;
}

async function fileNamed(services: Services, year: string, name: string): Promise<Found | null> {
  const [, lower, kind] = nameShape.exec(name) ?? [];
  if (lower === undefined) return null;
  const id = `x_BW${lower.slice('x_bw'.length).toUpperCase()}`;
  const versions = await services.database.read((reader) => versionsOf(reader, id));
  const [first] = versions;
  const last = versions.at(-1);
  // 7.1.11: under the year of its first publication alone.
  if (first?.publishedAt.slice(0, 4) !== year || last === undefined) return null;
  const { csaf } = documentsOf(services, versions);
  const modifiedAt = last.publishedAt;
  if (kind === undefined) return { text: csaf, mediaType: 'application/json', modifiedAt };
  if (kind === '.asc') {
    const { signer } = services;
    const sign = (digest: Uint8Array) => signer.sign('advisory', digest);
    const of = { bytes: utf8(csaf), at: modifiedAt, sign };
    const signature = openPgpSignature(signer.current('advisory'), of);
    return { text: signature, mediaType: 'application/pgp-signature', modifiedAt };
  }
  const digest = createHash(kind.slice(1)).update(utf8(csaf)).digest('hex');
  // 7.1.18: the digest first; sha256sum and sha512sum check the line as it is.
  const text = `${digest}  ${csafFileName(id)}\n`;
  return { text, mediaType: 'text/plain; charset=utf-8', modifiedAt };
}

/** When the lists last changed; without a document, the hour it is. */
function newest(listed: readonly ListedAdvisory[], { clock }: Services): string {
  return listed[0]?.current ?? clock.now();
}

async function json(c: Context, value: Json): Promise<Response> {
  return await cached(c, `${JSON.stringify(value, null, 2)}\n`, 'application/json');
}

async function page(c: Context, html: string): Promise<Response> {
  return await cached(c, html, 'text/html; charset=utf-8');
}

async function cached(
  c: Context,
  text: string,
  mediaType: string,
  modifiedAt?: Instant,
): Promise<Response> {
  const response = new Response(text, { headers: { 'content-type': mediaType } });
  const ifNoneMatch = c.req.header('if-none-match');
  // Whoever asks, it is the same, and no key is looked at.
  return await forCaches(response, { anonymous: true, ifNoneMatch, modifiedAt });
}
