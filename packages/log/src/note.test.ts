import { fromBase64, toBase64, utf8 } from '@breakwater/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NoteSigner, VerifierKey } from './note.ts';
import {
  formatVerifierKey,
  openNote,
  parseNote,
  parseVerifierKey,
  signatureTypes,
  signNote,
  verifierKey,
} from './note.ts';

/** The example of C2SP signed-note, "Verifier keys". */
const exampleKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const exampleNote = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

function parsedKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (!key.ok) throw new Error(key.refusal.got);
  return key.value;
}

function signerOf(name: string, seed: number): NoteSigner {
  const secret = new Uint8Array(32).fill(seed);
  const key = verifierKey(name, ed25519.getPublicKey(secret));
  return { key, sign: (message) => ed25519.sign(message, secret) };
}

describe('C2SP signed-note, worked examples', () => {
  test('the example key verifies the example note', () => {
    const key = parsedKey(exampleKey);
    expect(openNote(utf8(exampleNote), [key])).toEqual({
      ok: true,
      value: { text: 'This is an example message.\n', signedBy: [{ key, timeSeconds: null }] },
    });
    expect(formatVerifierKey(key)).toBe(exampleKey);
  });

  test('the poem, whose text holds an empty line, splits at the last one', () => {
    const text =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n';
    const line =
      '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=';
    const note = parseNote(utf8(`${text}\n${line}\n`));
    expect(note).toMatchObject({
      ok: true,
      value: { text, signatures: [{ name: 'quasimodo.example/salvatore', id: '367ba04b' }] },
    });
  });

  test('a changed text is refused', () => {
    const changed = exampleNote.replace('example message', 'example massage');
    expect(openNote(utf8(changed), [parsedKey(exampleKey)])).toMatchObject({
      refusal: { code: 'signature-wrong' },
    });
  });
});

describe('C2SP tlog-cosignature', () => {
  // A mirror's checkpoint of FiloSottile/sunlight's test data.
  const key = parsedKey('mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O');
  const note = `rome2026h1.example.org
300
gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=

— mirror.example.org P7FI7wAAAABpVGeAjA1S4pJm6MbcXjX7UUImu4azZtrfcVW2uyr/LXIYlwEJzXC0N0EiZkbqfLdXt/4gVEEuGmxJjAfXKMCISpsJAg==
`;

  test('a witness key verifies its cosignature and says when it was made', () => {
    const opened = openNote(utf8(note), [key]);
    expect(opened).toMatchObject({ ok: true, value: { signedBy: [{ timeSeconds: 1767139200 }] } });
  });

  test('another time in the cosignature is refused', () => {
    const later = note.replace('P7FI7wAAAABpVGeA', 'P7FI7wAAAABpVGeB');
    expect(openNote(utf8(later), [key])).toMatchObject({ refusal: { code: 'signature-wrong' } });
  });
});

describe('keys', () => {
  const good = signerOf('log.example/one', 1).key;
  const text = formatVerifierKey(good);
  test.each([
    ['empty', ''],
    ['another id', text.replace(good.id, '00000000')],
    ['another name', text.replace('one', 'two')],
    ['upper-case id', text.replace(good.id, good.id.toUpperCase().replace(/^\d/, 'A'))],
    ['no name', text.slice(text.indexOf('+'))],
    ['a space in the name', text.replace('/one', ' one')],
    ['an unknown type', `a+00000000+${toBase64(new Uint8Array(33).fill(9))}`],
    ['a newline after it', `${text}\n`],
  ])('%s is refused', (_, misshapen) => {
    expect(parseVerifierKey(misshapen)).toMatchObject({ refusal: { code: 'malformed' } });
  });

  test('one public key as log and as witness has two ids', () => {
    const witness = verifierKey(good.name, good.publicKey, signatureTypes.cosignature);
    expect(witness.id).not.toBe(good.id);
    expect(parseVerifierKey(formatVerifierKey(witness))).toEqual({ ok: true, value: witness });
  });
});

describe('signing and opening', () => {
  const [one, two] = [signerOf('log.example/one', 1), signerOf('log.example/two', 2)];

  test('both keys of a rotation sign; each reader needs only one of them', async () => {
    const note = utf8(await signNote('text\n', [one, two]));
    for (const { key } of [one, two]) {
      const opened = openNote(note, [key]);
      expect(opened).toMatchObject({ ok: true, value: { signedBy: [{ key }] } });
    }
  });

  test('a note signed by strangers only is refused', async () => {
    const note = utf8(await signNote('text\n', [one]));
    expect(openNote(note, [two.key])).toMatchObject({ refusal: { code: 'signature-missing' } });
    expect(openNote(note, [])).toMatchObject({ refusal: { code: 'signature-missing' } });
  });

  test('a stranger with the same name, or the same id, is ignored and not believed', async () => {
    const stranger = signerOf('log.example/one', 3);
    const note = utf8(await signNote('text\n', [stranger]));
    expect(openNote(note, [one.key])).toMatchObject({ refusal: { code: 'signature-missing' } });
  });

  test('one wrong signature of a known key refuses the note, whatever else signed it', async () => {
    const note = await signNote('text\n', [one, two]);
    const other = await signNote('other\n', [two]);
    const line = note.split('\n').at(-2) ?? '';
    const forged = note.replace(line, other.split('\n').at(-2) ?? '');
    expect(openNote(utf8(forged), [one.key, two.key])).toMatchObject({
      refusal: { code: 'signature-wrong' },
    });
  });

  test('a signer that signs with another key than it says is caught before it publishes', async () => {
    await expect(signNote('text\n', [{ key: one.key, sign: two.sign }])).rejects.toThrow(
      'does not hold',
    );
  });

  test.each(['no newline', 'tab\there\n', 'carriage\r\n', '\ud800\n'])(
    'text %j is not signed',
    async (text) => {
      await expect(signNote(text, [one])).rejects.toThrow('unfit');
    },
  );

  test('any text of lines comes back as it was signed', async () => {
    const text = fc.array(fc.stringMatching(/^[ -~é—]{0,20}$/), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(text, async (lines) => {
        const signed = `${lines.join('\n')}\n`;
        const opened = openNote(utf8(await signNote(signed, [one])), [one.key]);
        expect(opened).toMatchObject({ ok: true, value: { text: signed } });
      }),
      { numRuns: 25 },
    );
  });
});

describe('malformed notes', () => {
  const line = exampleNote.split('\n')[2] ?? '';
  test.each([
    ['empty', ''],
    ['no signatures', 'text\n\n'],
    ['no blank line', `text\n${line}\n`],
    ['no last newline', `text\n\n${line}`],
    ['a hyphen for the dash', `text\n\n${line.replace('—', '-')}\n`],
    ['two spaces', `text\n\n${line.replace(' Uw', '  Uw')}\n`],
    ['a plus in the name', `text\n\n${line.replace('foo', 'f+o')}\n`],
    ['a no-break space in the name', `text\n\n${line.replace('foo', 'f\u00a0o')}\n`],
    ['base64 without padding', `text\n\n${line.replace('=', '')}\n`],
    ['a key id and no signature', 'text\n\n— example.com/foo Uw2QOg==\n'],
    ['a control character', `te\u0001xt\n\n${line}\n`],
    ['carriage returns', `text\r\n\r\n${line}\r\n`],
    ['101 signatures', `text\n\n${`${line}\n`.repeat(101)}`],
  ])('%s is refused', (_, note) => {
    expect(parseNote(utf8(note))).toMatchObject({ refusal: { code: 'malformed' } });
  });

  test('bytes that are not UTF-8 and a note beyond the limit are refused', () => {
    expect(parseNote(Uint8Array.of(0xff, 0x0a)).ok).toBe(false);
    expect(parseNote(new Uint8Array(1_000_001)).ok).toBe(false);
  });

  test('no bytes make it throw', () => {
    const near = fc.tuple(fc.nat(exampleNote.length), fc.string());
    fc.assert(
      fc.property(near, ([at, noise]) => {
        const note = exampleNote.slice(0, at) + noise + exampleNote.slice(at + noise.length);
        openNote(utf8(note), [parsedKey(exampleKey)]);
      }),
    );
    expect(fromBase64('')).toEqual(new Uint8Array());
  });
});
