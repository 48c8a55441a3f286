import { randomBytes } from 'node:crypto';
import { bundleKeyName, openBundle, writeBundle } from '@breakwater/benchmark/outcome';
import type { ConsultedOffice, designate as contract } from '@breakwater/contract';
import {
  bytesToHex,
  concatBytes,
  type Id,
  ok,
  parseId,
  type Result,
  refuse,
  sha256,
  utf8,
} from '@breakwater/kernel';
import { formatVerifierKey, parseVerifierKey, verifierKey } from '@breakwater/log';
import { newId } from '../../../platform/clock/clock.ts';
import { partyOf } from '../../../platform/commands/audience.ts';
import { type Call, notFound, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { carryOut } from './act.ts';
import type { DesignateNeeds } from './needs.ts';
import { officials } from './party-store.ts';
import {
  commitmentOf,
  engagementBy,
  findDetermination,
  insertCommitment,
  partsOf,
} from './store.ts';

type Committed = { engagement: Id<'engagement'>; commitment: string };

/** DES-14: a name for an engagement that tells a system apart nothing; the same each time. */
export async function commitEngagement(
  services: Services,
  { params, envelope }: Call<typeof contract.commitEngagement>,
): Promise<Result<Committed>> {
  const salt = new Uint8Array(randomBytes(32));
  const executed = await services.execute<Committed>(envelope, async (tx, at) => {
    const { engagement } = params;
    const before = await commitmentOf(tx, engagement);
    if (before !== null) return ok({ events: [], response: { engagement, commitment: before } });
    const bytes = concatBytes(utf8('breakwater engagement v1\n'), salt, utf8(engagement));
    const commitment = bytesToHex(sha256(bytes));
    await insertCommitment(tx, { engagement, commitment, salt, at });
    const event = {
      act: 'designate.engagement-committed',
      // Of the engagement's own acts its developer sees each.
      subject: commitment,
      data: { engagement, commitment },
    };
    return ok({ events: [event], response: { engagement, commitment } });
  });
  return responseOf(executed);
}

type Bundled = { determination: Id<'determination'>; bundle: string };

/** DES-15: the one small signed text that leaves a system apart. */
export async function bundle(
  services: Services,
  { params, envelope }: Call<typeof contract.bundle>,
): Promise<Result<Bundled>> {
  const executed = await services.execute<Bundled>(envelope, async (tx) => {
    const row = await findDetermination(tx, params.determination);
    if (row === null) return notFound('a determination');
    if (row.bundle !== null) return refuse(takenIn);
    if (parseId('engagement', row.matter) !== null) return refuse(noCommitment);
    const { consultations } = await partsOf(tx, [row.file]);
    const dayOf = (office: ConsultedOffice) =>
      consultations.find((each) => each.office === office)?.date ?? '';
    const { outcome, date, reference, id } = row;
    const consulted = {
      ncd: dayOf('ncd'),
      apst: dayOf('apst'),
      'cisa-director': dayOf('cisa-director'),
    };
    const said = { engagement: row.matter, outcome, date, reference, consulted };
    const text = await writeBundle(said, signerOf(services));
    const event = { act: 'designate.bundled', subject: row.file, data: { determination: id } };
    return ok({ events: [event], response: { determination: id, bundle: text } });
  });
  return responseOf(executed);
}

/** The public key by which bundles of this installation are checked, as text. */
export function bundleKey({ signer }: Pick<Services, 'signer'>): string {
  return formatVerifierKey(verifierKey(bundleKeyName, signer.current('outcome').raw));
}

function signerOf({ signer }: Pick<Services, 'signer'>) {
  const key = signer.current('outcome');
  return {
    key: verifierKey(bundleKeyName, key.raw),
    sign: (message: Uint8Array) => signer.sign('outcome', message, key.id),
  };
}

type TakenIn = { engagement: Id<'engagement'>; determination: Id<'determination'> };

/** DES-16: takes in what was carried here, if a configured key signed it and nothing more is in it. */
export async function takeIn(
  services: Services,
  needs: DesignateNeeds,
  call: Call<typeof contract.takeIn>,
): Promise<Result<TakenIn>> {
  const keys = services.outcomeKeys.flatMap((text) => {
    const key = parseVerifierKey(text);
    return key.ok ? [key.value] : [];
  });
  if (keys.length === 0) return refuse(noBundleKey);
  const opened = openBundle(call.body.bundle, keys);
  if (!opened.ok) return opened;
  const { engagement: commitment, outcome, date, reference, consulted, digest } = opened.value;
  const executed = await services.execute<TakenIn>(call.envelope, async (tx, now) => {
    const engagement = await engagementBy(tx, commitment);
    if (engagement === null) return refuse(noSuchEngagement);
    const known = await officials(tx);
    const keeper = partyOf(call.actor);
    const official = known.includes(keeper) ? keeper : known.length === 1 ? known[0] : undefined;
    const day = (office: ConsultedOffice) => ({
      id: newId('consultation'),
      date: consulted[office],
    });
    const consultations = {
      ncd: day('ncd'),
      apst: day('apst'),
      'cisa-director': day('cisa-director'),
    };
    const determination = newId('determination');
    const said = { determination, outcome, date, reference, bundle: digest };
    const command = { act: 'take-in', file: newId('file'), consultations, ...said } as const;
    const place = { matter: engagement, opening: { official: official ?? null, seers: [] } };
    const done = await carryOut({ tx, now, needs }, call, { place, command });
    return done.ok ? ok({ ...done.value, response: { engagement, determination } }) : done;
  });
  return responseOf(executed);
}

const noBundleKey = {
  code: 'no-bundle-key',
  expected: 'a key by which bundles are checked, set by the administrator',
  got: 'none',
  todo: 'ask the administrator to set BREAKWATER_OUTCOME_KEYS to the key that was printed',
} as const;
const noSuchEngagement = {
  code: 'no-such-engagement',
  expected: 'a bundle of an engagement here, by a commitment that was made here',
  got: 'another',
  todo: 'take it in where its engagement is',
  pointer: '/bundle',
} as const;
const noCommitment = {
  code: 'no-commitment',
  expected: 'a determination in a file that was opened by a commitment',
  got: 'one on an engagement of this installation',
  todo: 'nothing: its developer sees it here',
} as const;
const takenIn = {
  code: 'taken-in',
  expected: 'a determination entered here',
  got: 'one that was itself taken in',
  todo: 'carry the bundle of where it was entered',
} as const;
