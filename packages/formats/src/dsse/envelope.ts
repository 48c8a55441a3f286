import {
  concatBytes,
  fromBase64,
  ok,
  type Result,
  refuse,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import { z } from 'zod';

/** The most signatures looked at in one envelope; each costs a public-key operation. */
const signaturesMax = 64;

const Base64 = z.string().transform((text, context) => {
  const bytes = decodeEither(text);
  if (bytes !== null) return bytes;
  context.addIssue({ code: 'custom', message: 'standard or URL-safe base64' });
  return z.NEVER;
});

const WireEnvelope = z.object({
  payload: Base64,
  payloadType: z.string().max(1000),
  signatures: z
    .array(z.object({ keyid: z.string().max(1000).nullish(), sig: Base64 }))
    .max(signaturesMax),
});

/** A parsed DSSE envelope (v1.0.2); nothing in it has been checked yet. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array }[];
}

/** The JSON envelope as it is written to a file. */
export interface EnvelopeJson {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export interface Signer {
  /** An unauthenticated hint for the reader. */
  readonly keyid: string;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface Verifier {
  readonly keyid: string;
  /** Whether `signature` is this key's signature over `message`; must not throw on garbage. */
  verify(message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** The bytes that are signed: `DSSEv1 <len> <type> <len> <body>` (DSSE protocol, PAE). */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  const head = concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `));
  return concatBytes(head, payload);
}

/** Signs `payload` with every signer and writes the JSON envelope. */
export async function signEnvelope(
  content: { readonly payloadType: string; readonly payload: Uint8Array },
  signers: readonly [Signer, ...Signer[]],
): Promise<EnvelopeJson> {
  const message = preAuthenticationEncoding(content.payloadType, content.payload);
  const signatures = [];
  for (const signer of signers) {
    signatures.push({ keyid: signer.keyid, sig: toBase64(await signer.sign(message)) });
  }
  return { payload: toBase64(content.payload), payloadType: content.payloadType, signatures };
}

/** Parses a JSON value as an envelope; unknown fields are ignored (DSSE envelope, Parsing rules). */
export function parseEnvelope(value: unknown): Result<Envelope, 'envelope-malformed'> {
  const parsed = WireEnvelope.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse({
      code: 'envelope-malformed',
      expected: 'a DSSE JSON envelope with payload, payloadType and signatures',
      got: `/${(issue?.path ?? []).join('/')}: ${issue?.message ?? 'another shape'}`.slice(0, 300),
      todo: 'hand in the envelope file exactly as it was issued',
    });
  }
  const { payload, payloadType, signatures } = parsed.data;
  const named = signatures.map(({ keyid, sig }) => ({ keyid: keyid ?? '', sig }));
  return ok({ payloadType, payload, signatures: named });
}

/** What a checked envelope says: these bytes, and no others, are what the keys signed. */
export interface CheckedEnvelope {
  readonly payload: Uint8Array;
  readonly keyids: readonly string[];
}

export type CheckRefusal = 'payload-type-unexpected' | 'signatures-insufficient';

/**
 * Checks that at least `threshold` distinct keys of `keys` signed the envelope, and that it is of
 * the expected type (DSSE protocol, Multi-signature Verification).
 *
 * The key ids in the envelope are hints that decide nothing: every key is tried on every
 * signature. Two verifiers must be two different keys.
 */
export async function checkEnvelope(
  envelope: Envelope,
  trust: {
    readonly payloadType: string;
    readonly keys: readonly Verifier[];
    readonly threshold?: number;
  },
): Promise<Result<CheckedEnvelope, CheckRefusal>> {
  const threshold = trust.threshold ?? 1;
  if (!Number.isSafeInteger(threshold) || threshold < 1) {
    throw new RangeError(`expected a threshold of at least 1, got ${threshold}`);
  }
  if (envelope.payloadType !== trust.payloadType) {
    return refuse({
      code: 'payload-type-unexpected',
      expected: `the payload type ${trust.payloadType}`,
      got: JSON.stringify(envelope.payloadType.slice(0, 200)),
      todo: 'check that this is the kind of document you meant to check',
    });
  }
  const message = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
  const keyids: string[] = [];
  for (const key of trust.keys) {
    for (const { sig } of envelope.signatures) {
      if (!(await key.verify(message, sig))) continue;
      keyids.push(key.keyid);
      break;
    }
  }
  if (keyids.length >= threshold) return ok({ payload: envelope.payload, keyids });
  return refuse({
    code: 'signatures-insufficient',
    expected: `signatures by ${threshold} of the ${trust.keys.length} trusted keys`,
    got: `${keyids.length} of ${envelope.signatures.length} signatures that hold`,
    todo: 'get the keys from the issuer, or refuse the document: it may have been altered',
  });
}

/** Standard or URL-safe base64, padded or not (DSSE: verifiers MUST accept either). */
function decodeEither(text: string): Uint8Array | null {
  const standard = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  return fromBase64(standard + '='.repeat((4 - (standard.length % 4)) % 4));
}
