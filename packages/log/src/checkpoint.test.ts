import { fromBase64, utf8 } from '@breakwater/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { parseNote, verifierKey } from './note.ts';

/** The example of C2SP tlog-checkpoint and, with its second signature, of tlog-cosignature. */
const text = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`;
const example = `${text}
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;
const root = fromBase64('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=') ?? new Uint8Array();

describe('C2SP tlog-checkpoint', () => {
  test('the example parses, and is formatted to the same bytes', () => {
    const checkpoint = { origin: 'example.com/behind-the-sofa', size: 20852163, root };
    expect(parseCheckpoint(text)).toEqual({ ok: true, value: { ...checkpoint, extensions: [] } });
    expect(formatCheckpoint({ ...checkpoint, extensions: [] })).toBe(text);
  });

  test('the signed example carries the signatures of the log and of the witness', () => {
    expect(parseNote(utf8(example))).toMatchObject({
      ok: true,
      value: {
        text,
        signatures: [
          { name: 'example.com/behind-the-sofa', id: '033de0ae' },
          { name: 'witness.example.com/w1', id: '8d66cf3f' },
        ],
      },
    });
  });

  test('extension lines are kept', () => {
    const parsed = parseCheckpoint(`${text}one\ntwo\n`);
    expect(parsed).toMatchObject({ ok: true, value: { extensions: ['one', 'two'] } });
  });

  test.each([
    ['no last newline', text.slice(0, -1)],
    ['an empty origin', text.replace(/^.*\n/, '\n')],
    ['a leading zero', text.replace('20852163', '020852163')],
    ['a sign', text.replace('20852163', '+20852163')],
    ['a size beyond 2**53', text.replace('20852163', '9007199254740993')],
    ['a root of 31 bytes', text.replace(/Cs.*=/, 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==')],
    ['an empty extension', `${text}\n`],
    ['two lines', 'example.com\n1\n'],
  ])('%s is refused', (_, misshapen) => {
    expect(parseCheckpoint(misshapen)).toMatchObject({ refusal: { code: 'malformed' } });
  });
});

describe('opening', () => {
  const secret = new Uint8Array(32).fill(7);
  const sign = (message: Uint8Array) => ed25519.sign(message, secret);
  const key = verifierKey('log.example/one', ed25519.getPublicKey(secret));
  const checkpoint = { origin: 'log.example/one', size: 3, root, extensions: [] };

  test('what is signed opens with the key', async () => {
    const note = utf8(await signCheckpoint(checkpoint, [{ key, sign }]));
    const signedBy = [{ key, timeSeconds: null }];
    expect(openCheckpoint(note, [key])).toEqual({ ok: true, value: { ...checkpoint, signedBy } });
  });

  test('a trusted key of one log does not vouch for another log', async () => {
    const other = { ...checkpoint, origin: 'log.example/two' };
    const note = utf8(await signCheckpoint(other, [{ key, sign }]));
    expect(openCheckpoint(note, [key])).toMatchObject({
      refusal: {
        code: 'checkpoint-signature',
        expected: 'a signature by the log log.example/two itself',
      },
    });
  });

  test('a checkpoint that could not be read back is not signed', async () => {
    const misshapen = { ...checkpoint, size: -1 };
    await expect(signCheckpoint(misshapen, [{ key, sign }])).rejects.toThrow('read back');
  });
});
