import { randomBytes } from 'node:crypto';
import { createClient, type PrecheckEpoch, precheck } from '@breakwater/contract';
import { addMilliseconds, fromBase64, ok, toBase64 } from '@breakwater/kernel';
import { ask, type Checkable, commitmentAct, inputOf, precheckKeys } from '@breakwater/precheck';
import { keepEpochs } from '../src/slices/index.ts';
import type { TestParty, TestServer } from './harness.ts';

/** The newest key, with its entry under a signed checkpoint: the log grows once a day of a test's. */
export async function openPrecheck(server: TestServer): Promise<PrecheckEpoch> {
  await keepEpochs(server.services);
  await server.services.sequencer.tick();
  // A batch takes sixteen entries, oldest first: behind a longer line the key's own waits for days.
  for (let day = 0; day < daysMax && (await isWaiting(server)); day++) {
    server.clock.set(addMilliseconds(server.clock.now(), 86_400_000));
    await server.services.sequencer.tick();
  }
  return await newestEpoch(server);
}

/** Less than a key is good for. */
const daysMax = 6;

/** Whether the log holds no checkpoint yet over the entry of some key. */
async function isWaiting({ services }: TestServer): Promise<boolean> {
  const { rows } = await services.database.raw(
    `select id from journal.entry where act = '${commitmentAct}' and batch is null`,
  );
  return rows.length > 0;
}

/** The newest key that anybody may ask under. */
export async function newestEpoch(server: TestServer): Promise<PrecheckEpoch> {
  const anybody = createClient({ baseUrl: server.address });
  const [epoch] = (await anybody.call(precheck.precheckKeys)).epochs;
  if (epoch === undefined) throw new Error('expected a key that may be asked under');
  return epoch;
}

/** Asks for what would find others in a finding; answers with the handles that came back. */
export async function askFor(
  party: TestParty,
  epoch: PrecheckEpoch,
  finding: Checkable,
): Promise<readonly string[]> {
  const sought = precheckKeys(finding).filter((key) => key.use !== 'hold');
  return await askInputs(party, epoch, sought.map(inputOf));
}

/** Asks for what fits one request. */
export async function askInputs(
  { client }: TestParty,
  epoch: PrecheckEpoch,
  inputs: readonly Uint8Array[],
): Promise<readonly string[]> {
  const said = { ...epoch, publicKey: bytes(epoch.publicKey) };
  const answered = await ask(
    inputs,
    { epoch: said, elementsPerRequest: 8 },
    {
      random: (length) => new Uint8Array(randomBytes(length)),
      async evaluate(elements) {
        const body = { epoch: epoch.epoch, elements: elements.map(toBase64) };
        const { evaluated, proof } = await client.call(precheck.precheckEvaluate, { body });
        return ok({ evaluated: evaluated.map(bytes), proof: bytes(proof) });
      },
      async buckets(numbers) {
        const body = { epoch: epoch.epoch, buckets: [...numbers] };
        const { salt, buckets } = await client.call(precheck.precheckBuckets, { body });
        return ok({ salt: bytes(salt), buckets: buckets.map(bytes) });
      },
    },
  );
  if (!answered.ok) throw new Error(answered.refusal.got);
  return answered.value.flatMap((handle) => (handle === null ? [] : [toBase64(handle)]));
}

function bytes(base64: string): Uint8Array {
  const read = fromBase64(base64);
  if (read === null) throw new Error('expected base64');
  return read;
}
