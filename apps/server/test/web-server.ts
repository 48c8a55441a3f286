import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web site of somebody else's, over https on loopback, under names of a test's choice. */
export interface WebServer extends AsyncDisposable {
  readonly port: number;
  /** The certificate it shows is signed by none but itself: PEM, and where it lies. */
  readonly authority: string;
  readonly authorityFile: string;
  /** What was asked of it: host and path. */
  readonly asked: readonly string[];
  /** What a path answers from now on. */
  set(pathname: string, answer: string | Answer): void;
}

/** Starts one at a port of its own, with a certificate for `names`. */
export async function startWebServer(names: readonly string[]): Promise<WebServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-site-'));
  const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', '/CN=site', '-keyout', key, '-out', certificate],
      ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ],
    { stdio: 'ignore' },
  );
  const answers = new Map<string, string | Answer>();
  const asked: string[] = [];
  const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
  const server = createServer(tls, (request, response) => {
    asked.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    const answer = answers.get(request.url ?? '');
    if (typeof answer === 'function') answer(request, response);
    else response.writeHead(answer === undefined ? 404 : 200).end(answer ?? 'not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Bound to a port: the address is no path.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    authority: tls.cert.toString('utf8'),
    authorityFile: certificate,
    asked,
    set: (pathname, answer) => void answers.set(pathname, answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true });
    },
  };
}
