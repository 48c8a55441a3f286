import {
  createHash,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** What a browser would be told by the server, as far as an authenticator needs it. */
interface Options {
  readonly challenge: string;
  readonly [name: string]: unknown;
}

export interface AuthenticatorOptions {
  /** Where the browser stands, and so what it signs. */
  readonly origin: string;
  readonly host: string;
}

/**
 * An authenticator in software with one discoverable ES256 credential, and the browser around it
 * (Web Authentication Level 3, 6.1 and 6.5). Its fields may be changed to lie.
 */
export class SoftwareAuthenticator {
  readonly id: Buffer = randomBytes(32);
  counter = 0;
  origin: string;
  host: string;
  userHandle = '';
  /** User present and user verified. */
  flags = 0x05;
  readonly #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

  constructor(options: AuthenticatorOptions) {
    this.origin = options.origin;
    this.host = options.host;
    this.#keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  /** navigator.credentials.create(). */
  create(options: Options) {
    const { user } = options as { user?: { id: string } }; // of creation options alone
    this.userHandle = user?.id ?? '';
    const attested = Buffer.concat([Buffer.alloc(16), length(this.id), this.id, this.#coseKey()]);
    const data = Buffer.concat([this.#authenticatorData(0x40), attested]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText('none'),
      cborText('attStmt'),
      Buffer.from([0xa0]),
      cborText('authData'),
      cborBytes(data),
    ]);
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge).toString(
          'base64url',
        ),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** navigator.credentials.get(). */
  get(options: Options) {
    const clientData = this.#clientData('webauthn.get', options.challenge);
    const data = this.#authenticatorData(0);
    const hash = createHash('sha256').update(clientData).digest();
    const signature = createSign('sha256')
      .update(Buffer.concat([data, hash]))
      .sign(this.#keys.privateKey);
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: this.userHandle === '' ? null : this.userHandle,
      },
    };
  }

  #credential() {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(
      JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }),
    );
  }

  #authenticatorData(more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const site = createHash('sha256').update(this.host).digest();
    return Buffer.concat([site, Buffer.from([this.flags | more]), counter]);
  }

  /** COSE_Key, EC2 with ES256 (RFC 9053, 7.1.1). */
  #coseKey(): Buffer {
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' });
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]);
    const point = (part: string | undefined) => cborBytes(Buffer.from(part ?? '', 'base64url'));
    return Buffer.concat([head, point(x), Buffer.from([0x22]), point(y)]);
  }
}

function length(bytes: Buffer): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(bytes.length);
  return out;
}

/** RFC 8949, major type 3; short ones. */
function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

/** RFC 8949, major type 2. */
function cborBytes(bytes: Buffer): Buffer {
  const head =
    bytes.length < 256
      ? Buffer.from([0x58, bytes.length])
      : Buffer.concat([Buffer.from([0x59]), length(bytes)]);
  return Buffer.concat([head, bytes]);
}
