import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A person as the organization knows them. */
export interface Account {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly groups: readonly string[];
}

/** A real OpenID provider on loopback, on which everybody is signed in already. */
export interface TestIssuer extends AsyncDisposable {
  readonly issuer: string;
  /** Who comes back from the next sign-in. */
  current: string;
  readonly accounts: Map<string, Account>;
  /** Tells which redirect URIs the client may use. */
  allow(callbacks: readonly string[]): void;
}

export const client = { id: 'breakwater', secret: 'a secret of the client alone' };

/** Starts an issuer at a port of its own. */
export async function startIssuer(): Promise<TestIssuer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // server.listen on a port: the address is no path
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const accounts = new Map<string, Account>();
  const made: TestIssuer = {
    issuer,
    current: 'ada',
    accounts,
    allow(callbacks) {
      server.removeAllListeners('request');
      const answer = providerAt(issuer, callbacks, made).callback();
      server.on('request', (request, response) => void answer(request, response));
    },
    [Symbol.asyncDispose]: () => close(server),
  };
  made.allow(['http://127.0.0.1/none']);
  return made;
}

function providerAt(issuer: string, callbacks: readonly string[], made: TestIssuer): Provider {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...callbacks],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    // Claims in the ID token, as organizations' issuers send them.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key of this test'] },
    findAccount: (_, id) => {
      const account = made.accounts.get(id);
      if (account === undefined) return undefined;
      const { email, emailVerified, name, groups } = account;
      const claims = { sub: id, email, email_verified: emailVerified, name, groups };
      return { accountId: id, claims: () => claims };
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return await next();
    const { params, grantId, session } = await provider.interactionDetails(ctx.req, ctx.res);
    void grantId;
    void session;
    const grant = new provider.Grant({ accountId: made.current, clientId: client.id });
    grant.addOIDCScope(String(params['scope']));
    const result = { login: { accountId: made.current }, consent: { grantId: await grant.save() } };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    return undefined;
  });
  return provider;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
