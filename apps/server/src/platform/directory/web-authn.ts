import type { Body, session as contract } from '@breakwater/contract';
import { utf8 } from '@breakwater/kernel';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { makeChallenge } from './challenges.ts';
import type { PasskeyRow } from './passkeys.ts';
import type { Site } from './site.ts';

type Added = Body<typeof contract.addPasskey>['credential'];
type Asserted = Body<typeof contract.passkeySignIn>['credential'];

/** EdDSA, ES256, RS256 (RFC 9053, RFC 8812): one of them every authenticator speaks. */
const algorithms = [-8, -7, -257];

/** For navigator.credentials.create: a discoverable passkey, its holder verified, no attestation. */
export async function creationOptions(
  site: Site,
  person: { readonly id: string; readonly name: string; readonly held: readonly PasskeyRow[] },
) {
  return await generateRegistrationOptions({
    rpName: 'Breakwater',
    rpID: site.host,
    userID: new Uint8Array(utf8(person.id)),
    userName: person.name,
    userDisplayName: person.name,
    challenge: makeChallenge(),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: person.held.map((row) => ({
      id: Buffer.from(row.credential).toString('base64url'),
      transports: [...row.transports],
    })),
    supportedAlgorithmIDs: algorithms,
  });
}

/** For navigator.credentials.get: any passkey of this site, so that nobody names themselves first. */
export async function requestOptions(site: Site) {
  return await generateAuthenticationOptions({
    rpID: site.host,
    challenge: makeChallenge(),
    userVerification: 'required',
    allowCredentials: [],
  });
}

/** The new credential, or null where the answer does not hold (Web Authentication Level 3, 7.1). */
export async function checkCreation(site: Site, credential: Added, challenge: string) {
  const { clientDataJSON, attestationObject, transports = [] } = credential.response;
  const { id, rawId, type } = credential;
  const checked = await verifyRegistrationResponse({
    response: {
      id,
      rawId,
      type,
      response: { clientDataJSON, attestationObject, transports },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: [...site.origins],
    expectedRPID: site.host,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => null);
  // The library throws whatever is wrong; what exactly is of use to an attacker alone.
  return checked?.verified === true ? checked.registrationInfo.credential : null;
}

/** The counter after this use, or null where the answer does not hold (same, 7.2). */
export async function checkAssertion(
  site: Site,
  credential: Asserted,
  given: { readonly passkey: PasskeyRow; readonly challenge: string },
): Promise<number | null> {
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  const { passkey, challenge } = given;
  // 7.2 step 6: the authenticator says whose it is, since nobody else did.
  const holder = Buffer.from(userHandle ?? '', 'base64url').toString();
  if (holder !== passkey.member) return null;
  const { id, rawId, type } = credential;
  const checked = await verifyAuthenticationResponse({
    response: {
      id,
      rawId,
      type,
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: [...site.origins],
    expectedRPID: site.host,
    requireUserVerification: true,
    credential: {
      id: Buffer.from(passkey.credential).toString('base64url'),
      publicKey: new Uint8Array(passkey.public_key),
      counter: passkey.counter,
    },
  }).catch(() => null);
  return checked?.verified === true ? checked.authenticationInfo.newCounter : null;
}
