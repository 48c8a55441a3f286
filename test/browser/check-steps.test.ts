import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSteps, outcomeWords } from '../../apps/web/src/slices/record/check-steps.ts';
import { createFixtureLog } from './fixture-log.ts';

const contents = [{ act: 'verify.propose', at: '2026-11-18T11:02:00.000Z' }, { act: 'other' }];
const log = await createFixtureLog(contents);
const other = await createFixtureLog([{ act: 'forged' }, ...contents]);
const disclosure = await log.disclose(0);

const states = (text: string, key = log.vkey, saved?: string) =>
  checkSteps({ disclosure: utf8(text), key, ...(saved === undefined ? {} : { saved }) }).steps.map(
    (step) => step.state,
  );

test('a true disclosure holds in every step and shows what it says', () => {
  const check = checkSteps({ disclosure: utf8(disclosure), key: `${log.vkey}\n` });
  expect(check.steps.map((step) => step.state)).toEqual(['holds', 'holds', 'holds', 'holds']);
  expect(check.content).toEqual(contents[0]);
  expect(outcomeWords(check)).toBe('The proof holds');
});

test('changed content fails where the entry is looked for', () => {
  const changed = disclosure.replace('verify.propose', 'verify.propozed');
  expect(states(changed)).toEqual(['holds', 'holds', 'holds', 'fails']);
});

test('a checkpoint by another log’s key fails at the signature', () => {
  expect(states(disclosure, other.vkey)).toEqual(['holds', 'holds', 'fails', 'not-reached']);
});

test('text that is no disclosure and a key that is none fail at once', () => {
  expect(states('hello')).toEqual(['fails', 'not-reached', 'not-reached', 'not-reached']);
  expect(states(disclosure, 'key')).toEqual(['holds', 'fails', 'not-reached', 'not-reached']);
});

test('the checkpoint saved earlier at the same size agrees', () => {
  expect(states(disclosure, log.vkey, log.checkpoint).at(-1)).toBe('holds');
});

test('two states of one size signed by one key are a fork', async () => {
  const forked = await createFixtureLog([{ act: 'rewritten' }, { act: 'other' }], log.signer);
  const check = checkSteps({
    disclosure: utf8(await forked.disclose(0)),
    key: log.vkey,
    saved: log.checkpoint,
  });
  expect(check.steps.at(-1)?.state).toBe('fails');
  expect(check.steps.at(-1)?.words).toContain('its history was forked');
});

test('a longer log is not said to agree: one entry cannot show it', async () => {
  const longer = await createFixtureLog([...contents, { act: 'more' }], log.signer);
  const check = checkSteps({
    disclosure: utf8(await longer.disclose(0)),
    key: log.vkey,
    saved: log.checkpoint,
  });
  expect(check.steps.at(-1)?.state).toBe('cannot-tell');
  expect(check.holds).toBe(false);
  expect(outcomeWords(check)).toBe('The entry holds; one step cannot be told from here');
});

test('no single changed character leaves a disclosure that holds with other content', () => {
  const at = fc.nat({ max: disclosure.length - 1 });
  const character = fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(at, character, (place, written) => {
      const changed = disclosure.slice(0, place) + written + disclosure.slice(place + 1);
      const check = checkSteps({ disclosure: utf8(changed), key: log.vkey });
      // White space between JSON's parts may change; what is proven may not.
      if (check.holds) expect(check.content).toEqual(contents[0]);
    }),
  );
});
