import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromBase64, parseId, toBase64 } from '@breakwater/kernel';
import { Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { packIn, withoutSlots } from '../content/pack-file.ts';
import { createPackIds, type PackIds } from '../content/pack-id.ts';
import { filesBelow } from './manifest.ts';
import { Refused } from './refused.ts';

const bytesMax = 1024 ** 3;
const passphraseMin = 12;

/** To whom the keys of a backup are encrypted, or who opens them. */
export interface KeyAccess {
  readonly passphraseFile?: string | undefined;
  /** `age1…`; for a backup. */
  readonly recipients?: readonly string[] | undefined;
  /** A file with `AGE-SECRET-KEY-1…`; for a restoration. */
  readonly identityFile?: string | undefined;
}

/** One file below `keys/`. */
export interface KeyFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const Head = z.strictObject({
  format: z.literal('breakwater-backup-keys/1'),
  createdAt: z.string(),
  /** SHA-256 of the manifest of the backup that was made with these keys. */
  manifest: z.string(),
});
export type KeysHead = z.infer<typeof Head>;

const Line = z.strictObject({
  path: z.string().refine(isKeyPath),
  bytes: z.base64(),
});

/** `content/xx/<item>`, `content/xx/<pack>.pack` or `signing/<name>.json`, as the key store and the signer name them. */
function isKeyPath(text: string): boolean {
  const [kind, ...rest] = text.split('/');
  if (kind === 'signing') return rest.length === 1 && /^[a-z0-9-]{1,80}\.json$/.test(rest[0] ?? '');
  const [folder = '', name = ''] = rest;
  if (kind !== 'content' || rest.length !== 2) return false;
  const pack = packIn(name);
  if (pack !== null) return folder === pack.slice(-2);
  const known = name === 'index-secret' || parseId('content', name) !== null;
  return known && folder === name.slice(-2);
}

/** Which slots of which packs belong to erased items. */
function erasedSlots(
  ids: PackIds,
  erased: ReadonlySet<string>,
): ReadonlyMap<string, readonly number[]> {
  const slots = new Map<string, number[]>();
  for (const text of erased) {
    const id = parseId('content', text);
    const place = id === null ? null : ids.placeOf(id);
    if (place === null) continue;
    const found = slots.get(place.pack);
    if (found === undefined) slots.set(place.pack, [place.slot]);
    else found.push(place.slot);
  }
  return slots;
}

/** A file of keys as it is copied: without those of erased items; null where nothing is left. */
function keysKept(
  { path: name, bytes }: KeyFile,
  erased: ReadonlySet<string>,
  slots: ReadonlyMap<string, readonly number[]>,
): KeyFile | null {
  const base = path.basename(name);
  if (erased.has(base)) return null;
  const pack = packIn(base);
  return {
    path: name,
    bytes: pack === null ? bytes : withoutSlots(bytes, slots.get(pack) ?? []),
  };
}

/** How the items of packs are told from their ids, by the instance's secret among its keys. */
function packIdsIn(keys: readonly KeyFile[]): PackIds | null {
  const secret = keys.find((key) => path.basename(key.path) === 'index-secret');
  return secret === undefined ? null : createPackIds(secret.bytes);
}

/** Reads the keys below `folder`, without those of erased items. */
export async function collectKeys(
  folder: string,
  erased: ReadonlySet<string>,
): Promise<readonly KeyFile[]> {
  const keys: KeyFile[] = [];
  for await (const name of filesBelow(folder)) {
    // A key that is being written has another name until it is whole.
    if (!isKeyPath(name)) continue;
    const bytes = await readFile(path.join(folder, name)).catch(() => null);
    if (bytes !== null) keys.push({ path: name, bytes: new Uint8Array(bytes) });
  }
  return withoutErased(keys, erased);
}

/** Keys without those of erased items. */
export function withoutErased(
  keys: readonly KeyFile[],
  erased: ReadonlySet<string>,
): readonly KeyFile[] {
  const ids = packIdsIn(keys);
  const slots = ids === null ? new Map<string, number[]>() : erasedSlots(ids, erased);
  return keys.flatMap((key) => keysKept(key, erased, slots) ?? []);
}

/** Encrypts keys into one age file (age-encryption.org/v1). */
export async function sealKeys(
  head: Omit<KeysHead, 'format'>,
  keys: readonly KeyFile[],
  access: KeyAccess,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  const { recipients = [], passphraseFile } = access;
  if ((passphraseFile === undefined) === (recipients.length === 0)) throw new Refused(oneAccess);
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch {
    throw new Refused({ ...oneAccess, got: 'a recipient that is not one of age' });
  }
  if (passphraseFile !== undefined) {
    encrypter.setPassphrase(await passphraseIn(passphraseFile));
  }
  const lines = [
    JSON.stringify({ format: 'breakwater-backup-keys/1', ...head }),
    ...keys.map(({ path: name, bytes }) => JSON.stringify({ path: name, bytes: toBase64(bytes) })),
  ];
  return await encrypter.encrypt(`${lines.join('\n')}\n`);
}

/** Decrypts what sealKeys wrote; a changed or cut file is refused by age itself. */
export async function openKeys(
  file: string,
  access: KeyAccess,
): Promise<{ readonly head: KeysHead; readonly keys: readonly KeyFile[] }> {
  const decrypter = new Decrypter();
  if (access.passphraseFile !== undefined) {
    decrypter.addPassphrase(await passphraseIn(access.passphraseFile));
  } else if (access.identityFile !== undefined) {
    for (const identity of await identitiesIn(access.identityFile))
      addIdentity(decrypter, identity);
  } else throw new Refused(oneAccess);
  let text: string;
  try {
    if ((await stat(file)).size > bytesMax) throw new Error('too long');
    text = await decrypter.decrypt(await readFile(file), 'text');
  } catch {
    throw new Refused(
      keysUnreadable('a missing or changed file, or another passphrase or identity'),
    );
  }
  try {
    const [head = '', ...lines] = text.trimEnd().split('\n');
    const keys = lines.map((line) => {
      const { path: name, bytes } = Line.parse(JSON.parse(line));
      return { path: name, bytes: fromBase64(bytes) ?? new Uint8Array() };
    });
    return { head: Head.parse(JSON.parse(head)), keys };
  } catch {
    throw new Refused(keysUnreadable('a file of another form'));
  }
}

async function passphraseIn(file: string): Promise<string> {
  const text = (await readFile(file, 'utf8').catch(() => '')).replace(/\r?\n$/, '');
  if (text.length >= passphraseMin && text.length <= 1_000) return text;
  throw new Refused({
    code: 'passphrase-unusable',
    expected: `a file with a passphrase of ${passphraseMin} to 1000 characters`,
    got: text === '' ? 'none' : `${text.length} characters`,
    todo: 'make one: openssl rand -base64 24 > passphrase',
  });
}

async function identitiesIn(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split(/\r?\n/);
  return lines.filter((line) => line !== '' && !line.startsWith('#')).slice(0, 100);
}

function addIdentity(decrypter: Decrypter, identity: string): void {
  try {
    decrypter.addIdentity(identity);
  } catch {
    throw new Refused(keysUnreadable('an identity that is not one of age'));
  }
}

const oneAccess = {
  code: 'key-access-missing',
  expected: '--passphrase-file, or a --recipient (backup) or --identity (restore) of age',
  got: 'none of them, or two',
  todo: 'name one; whoever has it and this file reads every text',
};

function keysUnreadable(got: string) {
  return {
    code: 'keys-unreadable',
    expected: 'the keys file of a backup, whole, and what opens it',
    got,
    todo: 'check the file and the passphrase; nothing was restored',
  };
}
