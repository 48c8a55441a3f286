import type { Channel, Output, wishes } from '@breakwater/contract';
import { parseCsafProvider } from '@breakwater/formats/csaf';
import { readSecurityMd } from '@breakwater/formats/security-md';
import { isCanonical, parseSecurityTxt } from '@breakwater/formats/security-txt';
import { type Instant, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';

export type FileCode = 'file-unreadable' | 'file-expired' | 'file-elsewhere';

/** What a file says that its owner publishes. */
export type SaidInFile = Output<typeof wishes.previewWishes>;

/** A file and where and when it was read. */
export interface ReadFile {
  readonly form: 'security-txt' | 'security-md' | 'csaf-provider';
  readonly bytes: Uint8Array;
  readonly from: string;
  readonly now: Instant;
}

/** Reads a file that an owner publishes of itself. No file of these says that nobody shall look. */
export function readWishesFile(file: ReadFile): Result<SaidInFile, FileCode> {
  switch (file.form) {
    case 'security-txt':
      return fromSecurityTxt(file);
    case 'security-md':
      return fromSecurityMd(file);
    case 'csaf-provider':
      return fromProvider(file);
  }
}

const nothing = { expiresAt: null, signed: false, quoted: null, notUnderstood: [] };

function fromSecurityTxt({ bytes, from, now }: ReadFile): Result<SaidInFile, FileCode> {
  const read = parseSecurityTxt(bytes);
  if (!read.ok) return refuse(unreadable('a security.txt', read.refusal));
  const said = read.value;
  // §2.5.5: what has expired is not to be used; §2.5.2: nor what says that it is elsewhere.
  if (said.expires <= now) return refuse(expired(said.expires));
  if (!isCanonical(said, from)) return refuse(elsewhere(said.canonical.join(', ')));
  const known = said.contacts.map((contact) => channelOf(contact));
  const note = (field: string, values: readonly string[]) =>
    values.map((value) => ({ field, value }));
  return ok({
    ...nothing,
    channels: known.filter((each) => each !== null),
    policies: said.policies.filter(isHttps),
    expiresAt: said.expires,
    signed: said.signed,
    notes: [
      ...note('Encryption', said.encryption),
      ...note('Preferred-Languages', said.languages),
      ...note('Acknowledgments', said.acknowledgments),
      ...note('CSAF', said.csaf),
      ...note('Hiring', said.hiring),
      ...said.others,
    ].slice(0, notesMax),
    notUnderstood: [
      ...said.contacts
        .filter((_, at) => known[at] === null)
        .map((contact) => ({
          where: 'Contact',
          code: 'not-a-channel',
          text: `${contact.slice(0, 200)} is reached neither by mail, web nor phone`,
        })),
      ...said.faults.map(({ line, code, text }) => ({ where: `line ${line}`, code, text })),
    ].slice(0, notesMax),
  });
}

/** Law 11: prose from outside is kept as quoted; of it only addresses are understood. */
function fromSecurityMd({ bytes }: ReadFile): Result<SaidInFile, FileCode> {
  const read = readSecurityMd(bytes);
  if (!read.ok) return refuse(unreadable('a SECURITY.md', read.refusal));
  const { text, addresses, links } = read.value;
  return ok({
    ...nothing,
    channels: addresses.map((address) => ({ kind: 'mail', address })),
    policies: [],
    quoted: text,
    notes: links.map((value) => ({ field: 'Link', value })),
  });
}

function fromProvider({ bytes, from }: ReadFile): Result<SaidInFile, FileCode> {
  const read = parseCsafProvider(bytes);
  if (!read.ok) return refuse(unreadable('provider metadata of CSAF', read.refusal));
  const { canonicalUrl, publisher, role, lastUpdated, directories, feeds, keys } = read.value;
  if (canonicalUrl !== from) return refuse(elsewhere(canonicalUrl));
  const notes = [
    { field: 'Publisher', value: `${publisher.name} (${publisher.category})` },
    { field: 'Namespace', value: publisher.namespace },
    { field: 'Role', value: role },
    { field: 'Last updated', value: lastUpdated },
    ...directories.map((value) => ({ field: 'Directory', value })),
    ...feeds.map(({ url, tlp }) => ({ field: `Feed TLP:${tlp}`, value: url })),
    ...keys.map(({ url, fingerprint }) => ({
      field: 'OpenPGP key',
      value: fingerprint === null ? url : `${fingerprint} ${url}`,
    })),
  ];
  // How to reach it is prose: its addresses are taken out as out of any.
  const contact = readSecurityMd(new TextEncoder().encode(publisher.contact ?? ''));
  const { addresses, links } = contact.ok ? contact.value : { addresses: [], links: [] };
  return ok({
    ...nothing,
    channels: [
      ...addresses.map((address) => ({ kind: 'mail', address }) as const),
      ...links.map((address) => ({ kind: 'web', address }) as const),
    ],
    policies: [],
    quoted: publisher.contact,
    notes: notes.slice(0, notesMax),
  });
}

const notesMax = 200;

/** A contact address as a channel; null for what is none of ours. */
export function channelOf(contact: string): Channel | null {
  const [, scheme = '', rest = ''] = /^(mailto|tel|https):(.*)$/i.exec(contact) ?? [];
  switch (scheme.toLowerCase()) {
    case 'mailto': {
      const address = decoded(rest.split('?', 1)[0] ?? '');
      return isMail(address) ? { kind: 'mail', address } : null;
    }
    case 'tel':
      return rest.length < 3 ? null : { kind: 'phone', address: rest };
    case 'https':
      return { kind: 'web', address: contact };
    default:
      return isMail(contact) ? { kind: 'mail', address: contact } : null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isMail(text: string): boolean {
  return /^[^\s@<>()",;:\\[\]\p{C}]{1,64}@[^\s@<>()",;:\\[\]\p{C}]{1,189}$/u.test(text);
}

function isHttps(text: string): boolean {
  return /^https:\/\//i.test(text);
}

function unreadable(expected: string, { got, todo }: Refusal) {
  return { code: 'file-unreadable', expected, got, todo, pointer: '/file' } as const;
}

function expired(at: Instant) {
  return {
    code: 'file-expired',
    expected: 'a security.txt that holds',
    got: `one that expired at ${at}`,
    todo: 'ask its owner for a new one (RFC 9116, 2.5.5)',
    pointer: '/file',
  } as const;
}

function elsewhere(places: string) {
  return {
    code: 'file-elsewhere',
    expected: 'a file that names the place where it was read as its own',
    got: places.slice(0, 300),
    todo: 'read it at the place it names',
    pointer: '/from',
  } as const;
}
