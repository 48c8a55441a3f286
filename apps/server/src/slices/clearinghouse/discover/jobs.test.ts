import { digestOf, ok, utf8 } from '@breakwater/kernel';
import type { CampaignRecord } from '@breakwater/runner';
import { expect, test } from 'vitest';
import { morning, startTestServer } from '../../../../test/harness.ts';
import { newId } from '../../../platform/clock/clock.ts';
import type { Services } from '../../../services.ts';
import { type CampaignCrash, runCampaignJob } from './jobs.ts';
import { findCampaign, insertCampaign } from './store.ts';

test('DSC-3: a crash while findings are handed in neither fuzzes again nor hands in another input', async () => {
  await using server = await startTestServer();
  let fuzzed = 0;
  const services: Services = {
    ...server.services,
    proving: {
      ...server.services.proving,
      // Each campaign finds another input of the same bug, as fuzzers do.
      fuzz: async () => {
        fuzzed += 1;
        return ok(found(`input ${fuzzed}`));
      },
    },
  };
  const handedIn: { crash: CampaignCrash; key: string }[] = [];
  const finding = newId('finding');
  const handle = runCampaignJob(services, {
    recipe: async () => ({ package: 'pkg:deb/debian/cjson', harness: true }),
    recipeFiles: async () => ({}),
    release: async () => {},
    async submit(crash, _by, key) {
      handedIn.push({ crash, key });
      if (handedIn.length === 1) throw new Error('killed here');
      return ok({ finding });
    },
  });
  const id = newId('campaign');
  const campaign = {
    id,
    recipe: 'cjson',
    seconds: 5,
    by: newId('party'),
    at: morning,
    claim: null,
    claimMade: false,
    lineage: null,
  };
  await services.database.write((tx) => insertCampaign(tx, campaign));
  const job = { id: 'job-1', payload: { campaign: id }, signal: new AbortController().signal };

  await expect(handle(job)).rejects.toThrow('killed here');
  await handle(job);

  expect(fuzzed).toBe(1);
  expect(handedIn).toHaveLength(2);
  expect(handedIn[1]).toEqual(handedIn[0]);
  const row = await services.database.read((r) => findCampaign(r, id));
  expect(row).toMatchObject({ status: 'finished', crashes: 1, findings: [finding] });
});

function found(text: string): CampaignRecord {
  const bytes = utf8(text);
  return {
    kind: 'campaign',
    recipe: {
      digest: digestOf(utf8('recipe')),
      title: 'scripted',
      package: 'pkg:deb/debian/cjson',
      identifiers: [],
    },
    version: '1.7.15-1',
    outcome: 'found',
    reason: 'it crashed',
    found: [{ name: 'crash', digest: digestOf(bytes), bytes }],
    crash: null,
    signature: 'READ in parse_string',
    output: null,
    report: 'a report',
    build: null,
    failure: null,
    ending: null,
    wallMs: 1,
    executions: 7,
    sandbox: {
      driver: 'scripted',
      version: '0',
      tier: 'standard',
      reason: 'nothing is run',
      limitsBy: 'none',
    },
  };
}
