import { addMilliseconds } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { newId } from '../src/platform/clock/clock.ts';
import {
  insertControl,
  noteLook,
} from '../src/slices/clearinghouse/deconflict/authorization/control-store.ts';
import { morning, type TestParty, type TestServer } from './harness.ts';

/** Wishes of somebody who wishes nothing. */
export const nothingWished = {
  optOut: null,
  quiet: [],
  showPace: false,
  channels: [],
  policies: [],
  threatModel: null,
  notVulnerabilities: [],
};

/** A target as it is written. */
export function targetOf(text: string) {
  const parsed = parseTarget(text);
  if (!parsed.ok) throw new Error(parsed.refusal.got);
  return parsed.value;
}

/** A party that has proven control of a target, and whose proof holds for a month. */
export async function ownerOf(
  server: TestServer,
  text: string,
  name = 'The owner',
): Promise<TestParty> {
  const party = await server.party('owner', name);
  await prove(server, party, text);
  return party;
}

/** A party proves control of a target. */
export async function prove(server: TestServer, party: TestParty, text: string): Promise<void> {
  const { text: target, lineage } = targetOf(text);
  const id = newId('control');
  await server.services.database.write(async (tx) => {
    const way = 'repository' as const;
    const given = { way, token: 'token', statement_content: null, created_at: morning };
    await insertControl(tx, { id, party: party.id, target, lineage, ...given });
    const until = addMilliseconds(morning, 30 * 86_400_000);
    const look = { proven_at: morning, valid_until: until, next_at: until, failure: null };
    await noteLook(tx, id, look);
  });
}
