import { type Instant, parseInstant } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { changesSince, lastChange } from '../changes.ts';
import type { Admitted, Change, Proof, Upstream } from '../model.ts';
import type { GatewayNeeds } from '../needs.ts';
import { wordsOf } from '../upstreams/routes.ts';
import type { UpstreamRow } from '../upstreams/store.ts';
import { type KeyLook, lookAt } from './look.ts';
import { findKeyByHash, hashesAmong, type KeyRow } from './store.ts';

/** Where keys stand, and where it is written that something changed of them. */
export interface KeyBook {
  /** Which of these are the SHA-256 of a key's secret, in hex; whether it is taken is not asked. */
  known(hashes: readonly Buffer[]): Promise<ReadonlySet<string>>;
  /** The key whose secret has this SHA-256, if it is taken now; else null. */
  admit(hash: Buffer): Promise<Admitted | null>;
  /** The changes behind `seq`, in order, 1,000 at most. */
  changesSince(seq: number): Promise<readonly Change[]>;
  /** The number of the last change; 0 where there was none. */
  lastChange(): Promise<number>;
}

/**
 * The book that the wire asks. An answer may be older than a change that was told meanwhile: whoever
 * keeps one asks for {@link KeyBook.lastChange} before, and again where what it hangs on changed.
 * Rejects where the database is away.
 */
export function createKeyBook(
  services: Pick<Services, 'database' | 'content' | 'clock'>,
  needs: GatewayNeeds,
): KeyBook {
  const { database, content, clock } = services;
  return {
    known: async (hashes) => new Set(await database.read((reader) => hashesAmong(reader, hashes))),
    admit: (hash) =>
      database.read(async (reader) => {
        const key = await findKeyByHash(reader, hash);
        if (key === null) return null;
        return await admittedOf(reader, { content, needs }, { key, now: clock.now() });
      }),
    changesSince: (seq) => database.read((reader) => changesSince(reader, seq)),
    lastChange: () => database.read(lastChange),
  };
}

type Ports = { readonly content: Services['content']; readonly needs: GatewayNeeds };

async function admittedOf(
  reader: Reader,
  ports: Ports,
  asked: { readonly key: KeyRow; readonly now: Instant },
): Promise<Admitted | null> {
  const look = await lookAt(reader, ports, asked);
  const { key, stand, words, limits } = look;
  if (look.missing.length > 0 || stand === null) return null;
  const upstreams = await Promise.all(look.upstreams.map((row) => upstreamOf(ports, row)));
  const named = upstreams.filter((each) => each !== null);
  if (named.length === 0) return null;
  return {
    key: key.id,
    party: key.party,
    holder: key.holder,
    grant: stand.grant,
    gives: stand.gives,
    model: stand.model,
    developer: stand.developer,
    names: words.names,
    upstreams: named,
    limits,
    goodUntil: goodUntil(look),
    proof: proofOf(key),
    keeps: words.keepsFor.length === 0 ? 'nothing' : { recipients: words.keepsFor },
    usageInStreams: key.usage_in_streams,
  };
}

/** When a key ends by itself: by its own date, or by that of what it stands on. */
export function goodUntil({ key, stand }: Pick<KeyLook, 'key' | 'stand'>): Instant {
  const [first] = [key.expires_at, stand?.until ?? key.expires_at].toSorted();
  return parseInstant(first ?? '') ?? key.expires_at;
}

export function proofOf({ proof, thumbprint }: Pick<KeyRow, 'proof' | 'thumbprint'>): Proof {
  if (proof === 'none') return { kind: 'none' };
  if (thumbprint === null) throw new Error('expected the thumbprint of a key that is bound');
  return { kind: proof, thumbprint };
}

/** null: its address was erased. */
async function upstreamOf(ports: Ports, row: UpstreamRow): Promise<Upstream | null> {
  const words = await wordsOf(ports, row);
  if (words === null) return null;
  const { id, kind, concurrent, prices } = row;
  return {
    ...{ id, kind, concurrent, prices, ...words },
    contextTokens: row.context_tokens,
    outputMax: row.output_max,
    secret: row.secret_content,
  };
}
