import type { Client, Output } from '@breakwater/contract';
import { session } from '@breakwater/contract';

/** Signs in with a passkey that this browser or device offers; throws where that was refused. */
export async function signInWithPasskey(client: Client): Promise<void> {
  const { options } = await client.call(session.passkeyOptions);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    // The server's options are those of the standard; the browser parses and refuses them itself.
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = sent(await navigator.credentials.get({ publicKey }));
  await client.call(session.passkeySignIn, {
    body: { credential: session.passkeySignIn.body.shape.credential.parse(credential) },
  });
}

/** Makes a passkey on this device and gives it to whoever is signed in. */
export async function addPasskey(
  client: Client,
  label: string,
): Promise<Output<typeof session.addPasskey>> {
  const { options } = await client.call(session.addPasskeyOptions);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    // As above: parsed by the browser.
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = sent(await navigator.credentials.create({ publicKey }));
  return client.call(session.addPasskey, {
    body: { label, credential: session.addPasskey.body.shape.credential.parse(credential) },
  });
}

function sent(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) {
    throw new Error('expected a passkey, got none from this browser');
  }
  return credential.toJSON();
}
