import { bytesToHex, hexToBytes, utf8 } from '@breakwater/kernel';
import { ristretto255 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import rfc from '../vectors/rfc9497/ristretto255-sha512-voprf.json' with { type: 'json' };
import { blind, deriveEpochKeys, evaluate, finalize, outputOf } from './oprf.ts';

const { Fn } = ristretto255.Point;
const keys = deriveEpochKeys(hexToBytes(rfc.seed), hexToBytes(rfc.keyInfo));

/** Bytes that the library turns into this very scalar: it adds one to what they are modulo n - 1. */
function chanceOf(scalar: string) {
  const bytes = Fn.toBytes(Fn.fromBytes(hexToBytes(scalar)) - 1n);
  return (length: number) => {
    const wide = new Uint8Array(length);
    wide.set(bytes);
    return wide;
  };
}

/** Chance for tests: the same each time, different for each. */
function chanceFrom(start: number) {
  let next = start;
  return (length: number) => Uint8Array.from({ length }, () => (next = (next * 73 + 41) % 251));
}

describe('the vectors of RFC 9497, A.1.2', () => {
  test('the key pair that is derived from the seed', () => {
    expect([bytesToHex(keys.secretKey), bytesToHex(keys.publicKey)]).toEqual([rfc.skSm, rfc.pkSm]);
  });

  test.each(rfc.vectors.map((vector, i) => ({ name: `vector ${i + 1}`, vector })))(
    '$name: blinded, evaluated, proven and finalized as they say',
    ({ vector }) => {
      const list = (text: string) => text.split(',');
      const blinds = list(vector.Blind);
      const asked = list(vector.Input).map((input, i) =>
        blind(hexToBytes(input), chanceOf(blinds[i] ?? '')),
      );
      expect(asked.map((each) => bytesToHex(each.blind))).toEqual(blinds);
      const elements = asked.map((each) => each.element);
      expect(elements.map(bytesToHex)).toEqual(list(vector.BlindedElement));
      const done = evaluate(keys, elements, chanceOf(vector.Proof.r));
      if (!done.ok) throw new Error(done.refusal.got);
      expect(done.value.evaluated.map(bytesToHex)).toEqual(list(vector.EvaluationElement));
      expect(bytesToHex(done.value.proof)).toBe(vector.Proof.proof);
      const outputs = finalize(asked, done.value, keys.publicKey);
      expect(outputs.ok && outputs.value.map(bytesToHex)).toEqual(list(vector.Output));
      const alone = asked.map(({ input }) => bytesToHex(outputOf(keys.secretKey, input)));
      expect(alone).toEqual(list(vector.Output));
    },
  );
});

test('any byte changed in an answer, a blinded element, an input or the key of the vectors is noticed', () => {
  const [vector] = rfc.vectors;
  if (vector === undefined) throw new Error('expected a vector');
  const input = hexToBytes(vector.Input);
  const honest = {
    input,
    blind: hexToBytes(vector.Blind),
    element: hexToBytes(vector.BlindedElement),
    evaluated: hexToBytes(vector.EvaluationElement),
    proof: hexToBytes(vector.Proof.proof),
    publicKey: keys.publicKey,
  };
  const output = (told: typeof honest) => {
    const answer = { evaluated: [told.evaluated], proof: told.proof };
    const done = finalize([told], answer, told.publicKey);
    return done.ok ? bytesToHex(done.value[0] ?? new Uint8Array()) : done.refusal.code;
  };
  expect(output(honest)).toBe(vector.Output);
  for (const part of ['element', 'evaluated', 'proof', 'publicKey'] as const) {
    for (let at = 0; at < honest[part].length; at += 5) {
      const changed = honest[part].map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect([part, at, output({ ...honest, [part]: changed })]).toEqual([part, at, 'proof-wrong']);
    }
  }
  // These two stay with the asker: no proof is over them, but the output is another.
  for (const part of ['input', 'blind'] as const) {
    const changed = honest[part].map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    expect(output({ ...honest, [part]: changed })).toMatch(/^(?!b58cfbe1)[0-9a-f]{128}$/);
  }
});

test('what an asker finalizes is what the holder of the key works out alone', () => {
  const inputs = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(inputs, fc.nat(200), (all, start) => {
      const chance = chanceFrom(start);
      const asked = all.map((input) => blind(input, chance));
      const done = evaluate(
        keys,
        asked.map((each) => each.element),
        chance,
      );
      const outputs = done.ok ? finalize(asked, done.value, keys.publicKey) : done;
      expect(outputs).toEqual({
        ok: true,
        value: all.map((input) => outputOf(keys.secretKey, input)),
      });
    }),
    { numRuns: 20 },
  );
});

test('an evaluation by another key, in another order or cut short is refused', () => {
  const chance = chanceFrom(7);
  const asked = ['a', 'b'].map((text) => blind(utf8(text), chance));
  const elements = asked.map((each) => each.element);
  const other = deriveEpochKeys(new Uint8Array(32).fill(9), utf8('another'));
  const honest = evaluate(keys, elements, chance);
  const tagged = evaluate(other, elements, chance);
  if (!honest.ok || !tagged.ok) throw new Error('expected both to be evaluated');
  const { evaluated, proof } = honest.value;
  const flipped = proof.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
  for (const answer of [
    tagged.value,
    { evaluated: tagged.value.evaluated, proof },
    { evaluated: evaluated.toReversed(), proof },
    { evaluated: evaluated.slice(1), proof },
    { evaluated, proof: flipped },
    { evaluated, proof: proof.subarray(1) },
    { evaluated: [new Uint8Array(32), ...evaluated.slice(1)], proof },
  ]) {
    const done = finalize(asked, answer, keys.publicKey);
    expect(done.ok ? null : done.refusal.code).toBe('proof-wrong');
  }
  expect(finalize(asked, honest.value, keys.publicKey).ok).toBe(true);
});

test.each([
  ['the identity', new Uint8Array(32)],
  ['too short', new Uint8Array(31)],
  ['no element', new Uint8Array(32).fill(0xff)],
  ['a negative one', Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))],
])('a blinded element that is none is refused by its place: %s', (_, bytes) => {
  const { element } = blind(utf8('a'), chanceFrom(3));
  const done = evaluate(keys, [element, bytes], chanceFrom(4));
  expect(done.ok ? null : done.refusal.pointer).toBe('/elements/1');
});
