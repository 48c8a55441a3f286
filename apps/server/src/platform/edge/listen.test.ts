import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CertificateUnusable, type Listening, listen } from './listen.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-tls-'));
const at = (name: string) => path.join(folder, name);
const tls = { certificate: at('cert.pem'), key: at('key.pem') };
const told: (Error | null)[] = [];
let server: Listening;

function makeCertificate(name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
  execFileSync(
    'openssl',
    ['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name}`, ...files],
    {
      stdio: 'ignore',
    },
  );
}

function use(certificate: string, key: string): void {
  copyFileSync(at(`${key}.key`), tls.key);
  copyFileSync(at(`${certificate}.pem`), tls.certificate);
}

beforeAll(async () => {
  makeCertificate('first');
  makeCertificate('second');
  use('first', 'first');
  server = await listen({
    fetch: () => new Response('here'),
    where: { host: '127.0.0.1', port: 0 },
    tls,
    reloaded: (error) => void told.push(error),
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Whose certificate is shown, over which version of TLS. */
async function shake(version?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') {
  const versions = version === undefined ? {} : { minVersion: version, maxVersion: version };
  // Self-signed, and older versions than OpenSSL would offer by itself.
  const ciphers = version === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
  const socket = connect({ port: server.port, rejectUnauthorized: false, ...versions, ...ciphers });
  await once(socket, 'secureConnect');
  const certificate: PeerCertificate = socket.getPeerCertificate();
  const protocol = socket.getProtocol();
  socket.destroy();
  return [certificate.subject.CN, protocol];
}

describe('TLS', () => {
  test('is spoken from version 1.2 on', async () => {
    expect(await shake()).toEqual(['first', 'TLSv1.3']);
    expect(await shake('TLSv1.2')).toEqual(['first', 'TLSv1.2']);
    await expect(shake('TLSv1.1')).rejects.toThrow(/alert protocol version|unsupported protocol/);
  });

  test('plain HTTP on its port gets no answer of ours', async () => {
    const socket = connectPlain(server.port, '127.0.0.1');
    let answered = '';
    socket.on('data', (data) => {
      answered += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    expect(answered).not.toContain('here');
  });

  test('a new certificate is shown from the next connection on', async () => {
    use('second', 'second');
    server.reload();
    expect(await shake()).toEqual(['second', 'TLSv1.3']);
  });

  test('one that cannot be used is told of, and the one before stays', async () => {
    use('first', 'second');
    server.reload();
    expect(await shake()).toEqual(['second', 'TLSv1.3']);
    expect(told.at(-1)).toBeInstanceOf(CertificateUnusable);
    writeFileSync(tls.certificate, 'not a certificate');
    server.reload();
    expect(await shake()).toEqual(['second', 'TLSv1.3']);
  });

  test('files that change are read by themselves', async () => {
    use('first', 'first');
    await vi.waitFor(async () => expect(await shake()).toEqual(['first', 'TLSv1.3']), {
      timeout: 20_000,
      interval: 250,
    });
  });

  test('without a certificate that can be used the server does not start, and names the files', async () => {
    const missing = { certificate: at('none.pem'), key: tls.key };
    const starting = listen({
      fetch: () => new Response(),
      where: { host: '127.0.0.1', port: 0 },
      tls: missing,
      reloaded: () => {},
    });
    await expect(starting).rejects.toThrow(/none\.pem.*must be readable PEM files/);
  });
});

describe('a client that is slow', () => {
  const impatient = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 };

  /** All that comes back on a connection that says `begun`, nothing more, and waits to be closed. */
  async function say(begun: string): Promise<string> {
    const slow = await listen({
      fetch: async (request) => new Response(`read ${(await request.text()).length}`),
      where: { host: '127.0.0.1', port: 0 },
      tls: null,
      reloaded: () => {},
      patience: impatient,
    });
    try {
      const socket = connectPlain(slow.port, '127.0.0.1');
      let answered = '';
      socket.on('data', (data) => {
        answered += data.toString('latin1');
      });
      socket.on('error', () => {});
      socket.write(begun);
      await new Promise((resolve) => socket.once('close', resolve));
      return answered;
    } finally {
      await slow.close();
    }
  }

  test('is cut off while its headers do not come', async () => {
    // Where the machine is so busy that it says nothing in time, the answer is lost with a reset.
    await vi.waitFor(
      async () => {
        const answer = await say('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
        expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      },
      { timeout: 20_000 },
    );
  });

  test('is cut off while its body does not come', async () => {
    const answer = await say(
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nbegun',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  test('who sends more headers than fit is refused', async () => {
    const answer = await say(
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});
