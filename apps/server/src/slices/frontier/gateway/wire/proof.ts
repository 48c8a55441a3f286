import {
  createPublicKey,
  hash,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Admitted } from '../model.ts';
import type { Shown } from './credential.ts';
import { type Fields, isFields } from './fields.ts';
import type { WireRefusal } from './refusal.ts';

/** How old or early a proof may be, in milliseconds. */
const skewMsMax = 60_000;
const nonceForMs = 60_000;
const proofLengthMax = 4_096;
/**
 * Proofs of one party that are remembered of one minute. How many parties come to is bound by the
 * processor: each is remembered only once its signature was found to hold.
 */
const usualSeenByPartyMax = 100_000;

/** By party, so that one that shows very many keeps none of another from being taken. */
type SeenByParty = Map<string, Set<string>>;

/**
 * Checks that whoever shows a key also holds what it is bound to: the private key of a DPoP proof
 * (RFC 9449), or of a client's certificate (RFC 8705).
 *
 * A proof bears a nonce that this process gave out, so that it counts in this process alone, where
 * each is taken once.
 */
export class Proofs {
  readonly #timeMs: () => number;
  readonly #host: string | null;
  readonly #seenByPartyMax: number;
  /** The nonces that are taken: that of now, and that before. */
  #nonces: readonly string[] = [];
  #nonceMs = Number.NEGATIVE_INFINITY;
  #seen: SeenByParty = new Map();
  #seenBefore: SeenByParty = new Map();

  /**
   * @param host of the address by which clients reach the gateway; null: it is not said, and what a
   * call itself says counts. That is no proof to whoever relays calls made for an address of its own.
   * @param seenByPartyMax how many proofs of one party are taken in a minute
   */
  constructor(
    timeMs: () => number,
    host: string | null = null,
    seenByPartyMax = usualSeenByPartyMax,
  ) {
    this.#timeMs = timeMs;
    this.#host = host;
    this.#seenByPartyMax = seenByPartyMax;
  }

  /** null: the proof that the key is bound to is there. */
  check(
    { proof, party }: Pick<Admitted, 'proof' | 'party'>,
    request: IncomingMessage,
    shown: Shown,
  ): WireRefusal | null {
    switch (proof.kind) {
      case 'none':
        return null;
      case 'mtls':
        return certificateThumbprint(request) === proof.thumbprint ? null : certificateMissing;
      case 'dpop':
        return this.#checkDpop({ thumbprint: proof.thumbprint, party }, request, shown);
    }
  }

  #checkDpop(
    { thumbprint, party }: { readonly thumbprint: string; readonly party: string },
    request: IncomingMessage,
    shown: Shown,
  ): WireRefusal | null {
    const given = request.headers['dpop'];
    const parsed = typeof given === 'string' ? parseProof(given) : null;
    if (parsed === null)
      return this.#refuse('invalid_dpop_proof', 'no DPoP proof that can be read');
    const { claims } = parsed;
    const nowMs = this.#timeMs();
    const fault =
      parsed.thumbprint !== thumbprint
        ? 'one by another key'
        : !matches(claims, { request, shown, host: this.#host })
          ? 'one for another call or key'
          : Math.abs(nowMs - Number(claims['iat']) * 1_000) > skewMsMax
            ? 'one of another time'
            : !isSignedWell(parsed)
              ? 'one whose signature does not hold'
              : null;
    if (fault !== null) return this.#refuse('invalid_dpop_proof', fault);
    this.#renew(nowMs);
    if (!this.#nonces.some((nonce) => nonce === claims['nonce'])) {
      return this.#refuse('use_dpop_nonce', 'one without the nonce of this process');
    }
    // Of one length, however long a client's names are.
    const id = `${thumbprint} ${JSON.stringify(claims['jti'])}`;
    return this.#takeOnce(party, hash('sha256', id, 'base64'));
  }

  #takeOnce(party: string, id: string): WireRefusal | null {
    const seen = this.#seen.get(party) ?? new Set();
    if (seen.has(id) || this.#seenBefore.get(party)?.has(id) === true) {
      return this.#refuse('invalid_dpop_proof', 'one that was used before');
    }
    if (seen.size >= this.#seenByPartyMax) return tooManyProofs;
    this.#seen.set(party, seen.add(id));
    return null;
  }

  /** A proof that was seen is remembered as long as its nonce is taken. */
  #renew(nowMs: number): void {
    if (nowMs - this.#nonceMs < nonceForMs && nowMs >= this.#nonceMs) return;
    const isGap = nowMs - this.#nonceMs >= 2 * nonceForMs;
    const before = isGap ? [] : this.#nonces.slice(0, 1);
    this.#nonces = [randomBytes(18).toString('base64url'), ...before];
    this.#seenBefore = isGap ? new Map() : this.#seen;
    this.#seen = new Map();
    this.#nonceMs = nowMs;
  }

  #refuse(error: 'invalid_dpop_proof' | 'use_dpop_nonce', got: string): WireRefusal {
    this.#renew(this.#timeMs());
    return {
      status: 401,
      headers: {
        'www-authenticate': `DPoP error="${error}", algs="${Object.keys(algorithms).join(' ')}"`,
        'dpop-nonce': this.#nonces[0] ?? '',
      },
      refusal: {
        code: error === 'use_dpop_nonce' ? 'proof-nonce' : 'proof-missing',
        expected: 'a DPoP proof of this call by the key that yours is bound to (RFC 9449)',
        got,
        todo: 'make one for each call, with the nonce of the header DPoP-Nonce',
      },
    };
  }
}

const algorithms: Readonly<
  Record<string, { readonly hash: string | null; readonly curve: string }>
> = {
  ES256: { hash: 'sha256', curve: 'P-256' },
  EdDSA: { hash: null, curve: 'Ed25519' },
};

interface ParsedProof {
  readonly claims: Fields;
  readonly algorithm: string;
  readonly jwk: Fields;
  readonly thumbprint: string;
  readonly signed: string;
  readonly signature: Buffer;
}

/** RFC 9449, 4.2: a JWT of type dpop+jwt whose header bears the public key. */
function parseProof(text: string): ParsedProof | null {
  if (text.length > proofLengthMax) return null;
  const [, head, payload, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
  const header = fieldsIn(head);
  const claims = fieldsIn(payload);
  if (header === null || claims === null || header['typ'] !== 'dpop+jwt') return null;
  const jwk = header['jwk'];
  const algorithm = header['alg'];
  if (!isFields(jwk) || 'd' in jwk || typeof algorithm !== 'string') return null;
  if (!Object.hasOwn(algorithms, algorithm)) return null;
  const thumbprint = thumbprintOf(jwk, algorithms[algorithm]?.curve);
  if (thumbprint === null || signature === undefined) return null;
  return {
    ...{ claims, algorithm, jwk, thumbprint },
    signed: `${head}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

function fieldsIn(part: string | undefined): Fields | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isFields(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** RFC 7638: over the members a key of its kind must have, in order. */
function thumbprintOf(jwk: Fields, curve: string | undefined): string | null {
  const { crv, kty, x, y } = jwk;
  if (crv !== curve || typeof x !== 'string') return null;
  const isEdwards = kty === 'OKP' && crv === 'Ed25519';
  const isPoint = kty === 'EC' && crv === 'P-256' && typeof y === 'string';
  if (!isEdwards && !isPoint) return null;
  return hash(
    'sha256',
    JSON.stringify(isPoint ? { crv, kty, x, y } : { crv, kty, x }),
    'base64url',
  );
}

/** RFC 9449, 4.3: method, address without query, and the key that goes with it. */
function matches(
  claims: Fields,
  at: {
    readonly request: IncomingMessage;
    readonly shown: Shown;
    readonly host: string | null;
  },
): boolean {
  const { request } = at;
  const { htm, htu, ath, jti, iat } = claims;
  if (typeof jti !== 'string' || jti.length > 200 || typeof iat !== 'number') return false;
  if (htm !== request.method || typeof htu !== 'string' || typeof ath !== 'string') return false;
  if (!URL.canParse(htu)) return false;
  const { host, pathname } = new URL(htu);
  const path = (request.url ?? '').split('?', 1)[0];
  const here = at.host ?? request.headers.host?.toLowerCase();
  const isHere = host === here && pathname === path;
  const expected = Buffer.from(hash('sha256', at.shown.secret, 'base64url'));
  const got = Buffer.from(ath);
  return isHere && got.length === expected.length && timingSafeEqual(got, expected);
}

function isSignedWell({ algorithm, jwk, signed, signature }: ParsedProof): boolean {
  const key = publicKey(jwk);
  const how = algorithms[algorithm];
  if (key === null || how === undefined) return false;
  const options = how.hash === null ? key : ({ key, dsaEncoding: 'ieee-p1363' } as const);
  return verify(how.hash, Buffer.from(signed), options, signature);
}

function publicKey({ kty, crv, x, y }: Fields): KeyObject | null {
  const jwk = { kty, crv, x, ...(y === undefined ? {} : { y }) };
  try {
    // The members are those whose thumbprint was compared; others are left out.
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return null;
  }
}

/** SHA-256 of the client's certificate in DER (RFC 8705, 3.1), base64url; null: it showed none. */
function certificateThumbprint({ socket }: IncomingMessage): string | null {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate === undefined ? null : hash('sha256', certificate.raw, 'base64url');
}

const certificateMissing: WireRefusal = {
  status: 401,
  refusal: {
    code: 'proof-missing',
    expected: 'the client certificate that your key is bound to, straight to this gateway',
    got: 'none, or another',
    todo: 'call with that certificate; no proxy that ends TLS may stand between',
  },
};

const tooManyProofs: WireRefusal = {
  status: 503,
  retryAfter: 60,
  refusal: {
    code: 'too-many-proofs',
    expected: 'fewer calls of your party with proofs in a minute',
    got: 'more than are remembered',
    todo: 'try again in a minute',
  },
};
