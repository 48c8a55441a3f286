import { csafFileName } from '@breakwater/formats/csaf';
import type { Json } from '@breakwater/kernel';
import { csafFolder, type Issuer } from '../documents.ts';
import type { ListedAdvisory } from '../versions/store.ts';

/** The files around the documents (csaf-v2.0, 7.1), made of what is public. */

const root = '/.well-known/csaf';

/** Paths of the files that are there whether or not anything was published. */
export const places = {
  metadata: `${root}/provider-metadata.json`,
  service: `${root}/service.json`,
  feed: `${csafFolder}/feed-tlp-white.json`,
  index: `${csafFolder}/index.txt`,
  changes: `${csafFolder}/changes.csv`,
} as const;

/** 7.1.20: where a public key lies. */
export const keyPath = (fingerprint: string): string => `${root}/openpgp/${fingerprint}.asc`;

const fileOf = ({ id, first }: ListedAdvisory): string =>
  `${first.slice(0, 4)}/${csafFileName(id)}`;

/** 7.1.12: the file of every document, one a line. */
export function indexText(listed: readonly ListedAdvisory[]): string {
  return listed.map((each) => `${fileOf(each)}\n`).join('');
}

/** 7.1.13: the same with the hour each changed last, the latest first. */
export function changesText(listed: readonly ListedAdvisory[]): string {
  return listed.map((each) => `"${fileOf(each)}","${each.current}"\n`).join('');
}

/** 7.1.15: the ROLIE feed (RFC 8322) of all documents. */
export function rolieFeed(
  listed: readonly ListedAdvisory[],
  given: { readonly issuer: Issuer; readonly updated: string },
): Json {
  const { issuer, updated } = given;
  return {
    feed: {
      id: 'csaf-feed-tlp-white',
      title: `Security advisories of ${issuer.name} (TLP:WHITE)`,
      link: [
        { rel: 'self', href: `${issuer.url}${places.feed}` },
        { rel: 'service', href: `${issuer.url}${places.service}` },
      ],
      category: [{ scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' }],
      updated,
      entry: listed.map((each) => {
        const href = `${issuer.url}${csafFolder}/${fileOf(each)}`;
        return {
          id: each.id,
          title: each.title,
          link: [
            { rel: 'self', href },
            { rel: 'hash', href: `${href}.sha256` },
            { rel: 'hash', href: `${href}.sha512` },
            { rel: 'signature', href: `${href}.asc` },
          ],
          published: each.first,
          updated: each.current,
          content: { type: 'application/json', src: href },
          format: {
            schema: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json',
            version: '2.0',
          },
        };
      }),
    },
  };
}

/** 7.1.16: the ROLIE service document. */
export function rolieService({ name, url }: Issuer): Json {
  return {
    service: {
      workspace: [
        {
          title: name,
          collection: [
            {
              title: `Security advisories of ${name} (TLP:WHITE)`,
              href: `${url}${places.feed}`,
              categories: {
                category: [
                  { scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' },
                ],
              },
            },
          ],
        },
      ],
    },
  };
}

/** 7.1.7: who provides what. The role is that of 7.2.3: everything is signed. */
export function providerMetadata(given: {
  readonly issuer: Issuer;
  readonly updated: string;
  /** Of every OpenPGP key documents were ever signed with. */
  readonly fingerprints: readonly string[];
}): Json {
  const { issuer, updated, fingerprints } = given;
  const { name, url, contact } = issuer;
  return {
    canonical_url: `${url}${places.metadata}`,
    distributions: [
      { directory_url: `${url}${csafFolder}` },
      {
        rolie: {
          feeds: [
            {
              summary: `All advisories of ${name}, TLP:WHITE.`,
              tlp_label: 'WHITE',
              url: `${url}${places.feed}`,
            },
          ],
          services: [`${url}${places.service}`],
        },
      },
    ],
    last_updated: updated,
    list_on_CSAF_aggregators: true,
    metadata_version: '2.0',
    mirror_on_CSAF_aggregators: true,
    public_openpgp_keys: fingerprints.map((fingerprint) => ({
      fingerprint,
      url: `${url}${keyPath(fingerprint)}`,
    })),
    publisher: {
      category: 'coordinator',
      ...(contact === null ? {} : { contact_details: contact }),
      name,
      namespace: url,
    },
    role: 'csaf_trusted_provider',
  };
}

/** 7.1.14: a page of links, for people who look around. Names only: nothing in it needs escaping. */
export function listingPage(names: readonly string[]): string {
  const items = names.map((name) => `<li><a href="${name}">${name}</a></li>`).join('\n');
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>CSAF</title>\n<ul>\n${items}\n</ul>\n</html>\n`;
}

/** What lies in the folder of all documents, and in that of a year. */
export function namesIn(listed: readonly ListedAdvisory[], year: string | null): string[] {
  const files = listed.map(fileOf);
  if (year !== null) {
    return files
      .filter((file) => file.startsWith(`${year}/`))
      .map((file) => file.slice(5))
      .flatMap((name) => [name, `${name}.sha256`, `${name}.sha512`, `${name}.asc`]);
  }
  const years = new Set(files.map((file) => `${file.slice(0, 4)}/`));
  return [...years, 'changes.csv', 'feed-tlp-white.json', 'index.txt'];
}
