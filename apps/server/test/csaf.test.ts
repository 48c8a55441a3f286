import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { collect, distribute, type Publication } from '@breakwater/contract';
import { csafFaults } from '@breakwater/formats/csaf';
import { conformOpenVex } from '@breakwater/formats/openvex';
import { type Id, toBase64, utf8 } from '@breakwater/kernel';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { later, until } from './world.ts';

const settings = {
  BREAKWATER_PUBLIC_URL: 'https://clearinghouse.example',
  BREAKWATER_TRUSTED_PROXY: '127.0.0.1',
  BREAKWATER_PUBLISHER_NAME: 'The clearinghouse of an example',
  BREAKWATER_PUBLISHER_CONTACT: 'desk@clearinghouse.example',
};
const folder = '/.well-known/csaf/white';

let server: TestServer;
let coordinator: TestParty;
let advisory: string;
let about: Id<'case'>;
let file: string;
beforeAll(async () => {
  server = await startTestServer({ settings });
  coordinator = await server.party('coordinator', 'Desk');
  about = await openCase('CVE-2026-1000');
  const body = publication('CVE-2026-1000', '9.9-1');
  const params = { case: about };
  advisory = (await coordinator.client.call(distribute.publish, { params, body })).advisory;
  file = `${folder}/2026/${advisory.toLowerCase()}.json`;
});
afterAll(async () => await server[Symbol.asyncDispose]());

async function openCase(cve: string): Promise<Id<'case'>> {
  const finder = await server.party('finder', `Finder of ${cve}`);
  const { case: id } = await finder.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      title: cve,
      marking: 'AMBER+STRICT',
      description: 'Told at length',
      identifiers: [cve],
    },
  });
  if (id === null) throw new Error('expected a case');
  return id;
}

function publication(cve: string, fixed: string): Publication {
  return {
    summary: 'Overflow in cJSON',
    details: 'Told at length',
    affected: [{ ecosystem: 'Debian:12', package: 'cjson', introduced: '0', fixed, binaries: [] }],
    aliases: [cve],
    severity: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'],
    weaknesses: ['CWE-125'],
    references: [],
    creditFinders: true,
  };
}

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  server.send({ method: 'GET', path, headers });

async function text(path: string): Promise<string> {
  const answer = await get(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return await answer.text();
}

describe('DIS-20 what is published lies where readers of CSAF look', () => {
  it('as a document that passes every mandatory test, under its own address', async () => {
    const document = JSON.parse(await text(file));
    expect(csafFaults(document)).toEqual([]);
    expect(document.document).toMatchObject({
      distribution: { tlp: { label: 'WHITE' } },
      publisher: {
        name: 'The clearinghouse of an example',
        namespace: 'https://clearinghouse.example',
        contact_details: 'desk@clearinghouse.example',
      },
      tracking: { id: advisory, version: '1', status: 'final' },
    });
    expect(document.document.references[0].url).toBe(`https://clearinghouse.example${file}`);
  });

  it('with its digests, in lists of all of them, oldest names first seen by their year', async () => {
    const document = await text(file);
    for (const algorithm of ['sha256', 'sha512']) {
      const digest = createHash(algorithm).update(document).digest('hex');
      const name = file.split('/').at(-1);
      expect(await text(`${file}.${algorithm}`)).toBe(`${digest}  ${name}\n`);
    }
    const name = file.slice(folder.length + 1);
    expect(await text(`${folder}/index.txt`)).toBe(`${name}\n`);
    const { current_release_date: at } = JSON.parse(document).document.tracking;
    expect(await text(`${folder}/changes.csv`)).toBe(`"${name}","${at}"\n`);
    expect(await text(`${folder}/`)).toContain('<a href="2026/">2026/</a>');
    expect(await text(`${folder}/2026/`)).toContain(`href="${name.slice(5)}"`);
    const { feed } = JSON.parse(await text(`${folder}/feed-tlp-white.json`));
    expect(feed.entry).toHaveLength(1);
    expect(feed.entry[0]).toMatchObject({
      id: advisory,
      published: at,
      updated: at,
      content: { src: `https://clearinghouse.example${file}` },
    });
  });

  it('and nowhere else', async () => {
    for (const path of [
      file.replace('/2026/', '/2025/'),
      file.replace('.json', ''),
      `${file}.md5`,
      `${folder}/2025/`,
      `${folder}/2026/${advisory}.json`,
      `${folder}/2026/x_bw-2026-00000000.json`,
      `${folder}/2026/..%2f..%2fprovider-metadata.json`,
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  const schema = resolve(
    process.env['BREAKWATER_DATA'] ?? '../shared/data',
    'conformance/csaf/csaf_2.0/json_schema',
  );
  it.skipIf(!existsSync(schema))('with metadata that obeys the schema of providers', async () => {
    const metadata = JSON.parse(await text('/.well-known/csaf/provider-metadata.json'));
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    const read = (name: string) => JSON.parse(readFileSync(resolve(schema, name), 'utf8'));
    const csaf = read('csaf_json_schema.json');
    delete csaf.properties.vulnerabilities; // It refers to schemas of FIRST that nothing here needs.
    ajv.addSchema(csaf);
    const conforms = ajv.compile(read('provider_json_schema.json'));
    expect([conforms(metadata), conforms.errors]).toEqual([true, null]);
    expect(metadata.canonical_url).toBe(
      'https://clearinghouse.example/.well-known/csaf/provider-metadata.json',
    );
    for (const { directory_url, rolie } of metadata.distributions) {
      const url = directory_url === undefined ? rolie.feeds[0].url : `${directory_url}/index.txt`;
      await text(new URL(url).pathname);
    }
    await text('/.well-known/csaf/service.json');
    expect(metadata.role).toBe('csaf_trusted_provider');
    for (const { url } of metadata.public_openpgp_keys) {
      expect(await text(new URL(url).pathname)).toContain('BEGIN PGP PUBLIC KEY BLOCK');
    }
    expect(await text(`${file}.asc`)).toContain('BEGIN PGP SIGNATURE');
  });

  it('and caches may keep all of it', async () => {
    const first = await get(file);
    const tag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    expect((await get(file, { 'if-none-match': tag })).status).toBe(304);
  });

  it('but nobody is called a provider without TLS', async () => {
    await using plain = await startTestServer();
    const path = '/.well-known/csaf/provider-metadata.json';
    expect((await plain.send({ method: 'GET', path })).status).toBe(404);
    const index = await plain.send({ method: 'GET', path: `${folder}/index.txt` });
    expect([index.status, await index.text()]).toEqual([200, '']);
  });
});

describe('DIS-19 an advisory is read in every format', () => {
  const of = async (format: string) =>
    JSON.parse(await text(`/v1/advisories/${advisory}?format=${format}`));

  it('the same CSAF as in the folder, to the byte', async () => {
    expect(await text(`/v1/advisories/${advisory}?format=csaf`)).toBe(await text(file));
  });

  it('OpenVEX that obeys its schema', async () => {
    const document = await of('openvex');
    expect(conformOpenVex(document).ok).toBe(true);
    expect(document['@id']).toBe(
      `https://clearinghouse.example/v1/advisories/${advisory}?format=openvex`,
    );
  });

  it('a CVE container without an id, since nobody here assigns one', async () => {
    const document = await of('cve');
    expect(Object.keys(document)).toEqual(['cnaContainer']);
    expect(document.cnaContainer.source.advisory).toBe(advisory);
    expect(document.cnaContainer.providerMetadata).toBeUndefined();
  });

  it('as it went out, or, from before documents were kept, written when asked for', async () => {
    const kept = await text(file);
    await server.services.database.raw('update distribute.advisory_version set documents = null');
    expect(await text(file)).toBe(kept);
  });

  it('and in no other, nor in a version that never was', async () => {
    const at = `/v1/advisories/${advisory}`;
    expect((await get(`${at}?format=stix`)).status).toBe(400);
    expect((await get(`${at}?format=csaf&version=2`)).status).toBe(404);
    expect(await text(`${at}?version=1`)).toBe(await text(at));
  });
});

// Last: it changes what all others read.
describe('DIS-21 a later version', () => {
  it('takes the place of the first, which stays under its number; cards follow', async () => {
    const operator = await server.party('operator', 'Clinic');
    const list = 'ii  cjson:amd64  9.9-1  amd64  JSON\n';
    await operator.client.call(distribute.addInventory, {
      body: { name: 'desk', file: toBase64(utf8(list)), debianRelease: '12' },
    });
    const at = `/v1/advisories/${advisory}`;
    const before = await text(`${at}?format=csaf`);
    const osv = await text(at);
    const early = coordinator.client.call(distribute.revise, {
      params: { case: await openCase('CVE-2026-2000') },
      body: { ...publication('CVE-2026-2000', '9.9-2'), change: 'Too early' },
    });
    const refused = { problem: expect.objectContaining({ code: 'not-published' }) };
    await expect(early).rejects.toMatchObject(refused);

    server.clock.set(later(server.clock, 3_600_000));
    const body = { ...publication('CVE-2026-1000', '9.9-2'), change: '9.9-1 was affected too.' };
    const revised = await coordinator.client.call(distribute.revise, {
      params: { case: about },
      body,
    });
    expect(revised).toEqual({ advisory, version: 2 });

    const after = JSON.parse(await text(file));
    expect(csafFaults(after)).toEqual([]);
    expect(after.document.tracking).toMatchObject({
      version: '2',
      revision_history: [{ number: '1' }, { number: '2', summary: '9.9-1 was affected too.' }],
    });
    expect(await text(`${at}?format=csaf&version=1`)).toBe(before);
    expect(await text(`${at}?version=1`)).toBe(osv);
    const { published, modified } = JSON.parse(await text(at));
    expect(published < modified).toBe(true);
    const view = JSON.parse(await text(`${at}/view`));
    expect([view.publishedAt, view.modifiedAt]).toEqual([published, modified]);
    const changes = await text(`${folder}/changes.csv`);
    expect(changes).toContain(`,"${modified}"`);
    await until(async () => {
      const { items } = await operator.client.call(distribute.listNotices);
      expect(items.map((each) => each.advisory)).toEqual([advisory]);
    });
    expect(server.errors).toEqual([]);
  });
});

it('is counted as every other question of somebody unknown', async () => {
  const rates = { BREAKWATER_RATE_LIMITS: 'anonymous=1/2' };
  await using counted = await startTestServer({ settings: rates });
  const ask = async () => (await fetch(`${counted.address}${folder}/index.txt`)).status;
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
});
