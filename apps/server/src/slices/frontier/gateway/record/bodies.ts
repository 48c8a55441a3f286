import type { BodySide } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Encrypter } from 'age-encryption';
import type { Clock } from '../../../../platform/clock/clock.ts';
import { sealed } from '../../../../platform/commands/audience.ts';
import { insertContents } from '../../../../platform/commands/rows.ts';
import type { ContentStore } from '../../../../platform/content/content.ts';
import type { Database } from '../../../../platform/database/database.ts';
import { insertBodies } from './store.ts';

/** Longest body that is kept, in bytes. */
export const bodyBytesMax: number = 8 * 1024 * 1024;
/** Bodies that wait for the disk, all together, in bytes. */
const waitingBytesMax = 64 * 1024 * 1024;
/** Bodies that go to the disk together. */
const batchMax = 64;

/** Both bodies of a request of which the terms say that they are kept, and for whom. */
export interface ToKeep {
  readonly id: Id<'request'>;
  /** age v1 recipients; at least one. */
  readonly recipients: readonly string[];
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/**
 * Keeps bodies of requests for those whom the terms name, and for nobody else: each is encrypted to
 * them (age-encryption.org/v1) before it touches a disk, and nothing here can open it again.
 *
 * Bounds: a body of more than {@link bodyBytesMax} is not kept; which ones are is shown with the
 * request, so that a missing one is seen. Durability: `stored` resolves once all before it is fsynced
 * and committed; what waits when the process dies is gone.
 */
export interface BodyKeeper {
  /** Whether more can be taken; where not, a request whose bodies have to be kept is not begun. */
  hasRoom(): boolean;
  /** Takes them over, at once; false where there was no room. */
  keep(bodies: ToKeep): boolean;
  stored(): Promise<void>;
}

interface Ports {
  readonly database: Database;
  readonly content: ContentStore;
  readonly clock: Clock;
  /** Told of what could not be kept; never of what was in it. */
  readonly failed: (error: unknown) => void;
}

/** Opens a keeper of bodies; one for each process. */
export function openBodyKeeper(ports: Ports): BodyKeeper {
  const waiting: ToKeep[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      try {
        await store(ports, batch);
      } catch (error) {
        ports.failed(error);
      }
      waitingBytes -= batch.reduce((sum, each) => sum + bytesOf(each), 0);
    }
    running = null;
  }

  const hasRoom = () => waitingBytes < waitingBytesMax;
  return {
    hasRoom,
    keep(bodies) {
      if (!hasRoom()) return false;
      waiting.push(bodies);
      waitingBytes += bytesOf(bodies);
      running ??= run();
      return true;
    },
    async stored() {
      await running;
    },
  };
}

function bytesOf({ request, response }: ToKeep): number {
  return request.length + response.length;
}

async function store(
  { database, content, clock, failed }: Ports,
  batch: readonly ToKeep[],
): Promise<void> {
  const bodies = batch.flatMap(({ id, recipients, request, response }) => [
    { id, recipients, side: 'request' as const, bytes: request },
    { id, recipients, side: 'response' as const, bytes: response },
  ]);
  const kept: KeptBody[] = [];
  for (const { id, recipients, side, bytes } of bodies) {
    if (bytes.length === 0 || bytes.length > bodyBytesMax) continue;
    const file = await fileFor(recipients, bytes);
    if (file === null) {
      // A recipient that is none keeps those of others from nobody.
      failed(new Error('a body for a recipient that cannot be used'));
      continue;
    }
    const meta = { mediaType: 'application/octet-stream', name: `${side}.age` };
    const ref = await content.put(file, meta);
    kept.push({ request: id, side, ref, bytes: bytes.length });
  }
  if (kept.length === 0) return;
  await database.write(async (tx) => {
    const items = kept.map(({ ref, request }) => ({ ref, subject: request, level: sealed }));
    await insertContents(tx, items, clock.now());
    await insertBodies(
      tx,
      kept.map(({ ref, ...body }) => ({ ...body, content: ref.id })),
    );
  });
}

/** null: one of the recipients has the form of one, and is none. */
async function fileFor(
  recipients: readonly string[],
  bytes: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    return await sealBody(recipients, bytes);
  } catch {
    return null;
  }
}

interface KeptBody {
  readonly request: Id<'request'>;
  readonly side: BodySide;
  readonly ref: Awaited<ReturnType<ContentStore['put']>>;
  readonly bytes: number;
}

/** `bytes` as an age file that these recipients can open, and nobody else. */
export async function sealBody(
  recipients: readonly string[],
  bytes: Uint8Array,
): Promise<Uint8Array> {
  if (recipients.length === 0) throw new Error('a body to be kept for nobody');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return await encrypter.encrypt(bytes);
}
