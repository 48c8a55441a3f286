import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { createAdaptorServer } from '@hono/node-server';

export type Fetch = (request: Request, env: object) => Response | Promise<Response>;

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What is borne of a client that is slow or sends much, in milliseconds and bytes. */
export interface Patience {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connectionsCheckingInterval: number;
  readonly maxHeaderSize: number;
}

const usual: Patience = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};

/** Raised for certificate files that cannot be used; the message names them. */
export class CertificateUnusable extends Error {
  override readonly name = 'CertificateUnusable';
}

interface Where {
  readonly where: { readonly host: string; readonly port: number } | { readonly path: string };
  readonly tls: TlsFiles | null;
  /** Told of a certificate that was read again, or could not be. */
  readonly reloaded: (error: Error | null) => void;
  /** Another patience than the usual one. */
  readonly patience?: Partial<Patience>;
}

export interface ListenOptions extends Where {
  readonly fetch: Fetch;
}

export interface ListenPlainlyOptions extends Where {
  /** Told of a request that wants to hear that its body may come as well. */
  readonly handle: RequestListener;
}

export interface Listening {
  readonly port: number;
  /** Reads certificate and key again; where they cannot be used, the old ones stay. */
  reload(): void;
  close(): Promise<void>;
}

/** Serves HTTP, or HTTPS where certificate and key are given; rejects where it cannot listen. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { tls } = options;
  const patience = { ...usual, ...options.patience };
  const secure = tls === null ? null : secureServer(options.fetch, tls, patience);
  return await serve(secure ?? plainServer(options.fetch, patience), secure, options);
}

/**
 * The same without the fetch standard's objects, whose making costs more than all else that is done
 * to pass a call on. A client's certificate is asked for and taken whoever signed it: whether it is
 * the one that a key is bound to is for the handler to say (RFC 8705, 2.2).
 */
export async function listenPlainly(options: ListenPlainlyOptions): Promise<Listening> {
  const { tls, handle } = options;
  const patience = { ...usual, ...options.patience };
  const asks = { requestCert: true, rejectUnauthorized: false };
  const secure =
    tls === null
      ? null
      : createSecureServer({ ...patience, ...readCertificate(tls), ...asks }, handle);
  const server = secure ?? createServer(patience, handle);
  server.on('checkContinue', handle);
  return await serve(server, secure, options);
}

async function serve(
  server: Server | SecureServer,
  secure: SecureServer | null,
  { tls, where, reloaded }: Where,
): Promise<Listening> {
  server.maxHeadersCount = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => resolve());
  });
  const reload = () => {
    if (secure === null || tls === null) return;
    try {
      secure.setSecureContext(readCertificate(tls));
      reloaded(null);
    } catch (error) {
      reloaded(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const files = tls === null ? [] : [tls.certificate, tls.key];
  // By polling: it follows links, by which most renewing programs exchange certificates.
  for (const file of files) watchFile(file, { interval: 5_000, persistent: false }, reload);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    reload,
    async close() {
      for (const file of files) unwatchFile(file, reload);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function plainServer(fetch: Fetch, patience: Patience): Server {
  const server = createAdaptorServer({ fetch, createServer, serverOptions: { ...patience } });
  return server as Server; // of the createServer that was handed in
}

function secureServer(fetch: Fetch, files: TlsFiles, patience: Patience): SecureServer {
  const server = createAdaptorServer({
    fetch,
    createServer: createSecureServer,
    serverOptions: { ...patience, ...readCertificate(files) },
  });
  return server as SecureServer; // as above
}

/** Certificate and key, which must belong together; throws CertificateUnusable. */
function readCertificate(files: TlsFiles) {
  try {
    const pair = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
    const options = { ...pair, minVersion: 'TLSv1.2' } as const;
    createSecureContext(options);
    return options;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CertificateUnusable(
      `the certificate ${files.certificate} with the key ${files.key} cannot be used (${why}); both must be readable PEM files that belong together`,
      { cause: error },
    );
  }
}
