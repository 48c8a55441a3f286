import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, test } from 'vitest';
import { createFilesMail } from './files.ts';
import { from, mailConformance, noon, type OpenedMail } from './mail.conformance.ts';
import { createMemoryMail } from './memory.ts';
import { createSmtpMail } from './smtp.ts';

mailConformance('memory', async () => {
  const mail = createMemoryMail({ from, clock: noon });
  const received = async () => mail.sent.map(({ raw }) => raw);
  return { mail, received, async [Symbol.asyncDispose]() {} };
});
mailConformance('files', openFiles);
mailConformance('SMTP', () => openSmtp());

const plain = {
  id: 'x',
  to: 'ann@example.com',
  subject: 'link',
  text: 'x',
  unsubscribe: null,
} as const;

test('the same message twice is one file, read by its owner alone', async () => {
  await using opened = await openFiles();
  await opened.mail.send(plain);
  await opened.mail.send(plain);
  expect(await opened.received()).toHaveLength(1);
  const [name = ''] = await readdir(opened.directory);
  expect((await stat(path.join(opened.directory, name))).mode & 0o777).toBe(0o600);
});

test('what the server refuses is told without its words', async () => {
  await using opened = await openSmtp({
    onRcptTo(_address, _session, done) {
      done(Object.assign(new Error('no ann@example.com here'), { responseCode: 550 }));
    },
  });
  const sending = opened.mail.send(plain);
  await expect(sending).rejects.toThrow('the mail server refused the message for good');
});

test('a server that is busy is asked again later', async () => {
  await using opened = await openSmtp({
    onMailFrom(_address, _session, done) {
      done(Object.assign(new Error('later'), { responseCode: 451 }));
    },
  });
  await expect(opened.mail.send(plain)).rejects.toMatchObject({ code: 'not-taken' });
});

test('signs in where the address says so', async () => {
  const seen: unknown[] = [];
  await using opened = await openSmtp(
    {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        seen.push([username, password]);
        done(null, { user: username });
      },
    },
    { login: 'us%40er:p%3Aw@' },
  );
  await opened.mail.send(plain);
  expect(seen).toEqual([['us@er', 'p:w']]);
});

test('beyond this machine nothing is said in the clear', async () => {
  // Of this machine in truth, and not by its name.
  await using opened = await openSmtp({}, { host: '127.0.0.2' });
  // The server knows no STARTTLS (502), which is insisted on.
  await expect(opened.mail.send(plain)).rejects.toMatchObject({ code: 'refused' });
  expect(await opened.received()).toEqual([]);
});

test.each(['smtp', 'smtps'] as const)(
  '%s: a server nobody vouches for gets no mail',
  async (scheme) => {
    const secure = scheme === 'smtps';
    let asked = 0;
    await using opened = await openSmtp(
      {
        secure,
        disabledCommands: [],
        onConnect(_session, done) {
          asked += 1;
          done();
        },
      },
      { host: '127.0.0.2', scheme },
    );
    await expect(opened.mail.send(plain)).rejects.toMatchObject({ code: 'not-taken' });
    expect(await opened.received()).toEqual([]);
    // Over TLS from the first byte the certificate is refused before a word is said.
    expect(asked).toBe(secure ? 0 : 1);
  },
);

async function openFiles(): Promise<OpenedMail & { readonly directory: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'breakwater-mail-'));
  return {
    directory,
    mail: createFilesMail(directory, { from, clock: noon }),
    async received() {
      const names = await readdir(directory);
      return await Promise.all(names.map((name) => readFile(path.join(directory, name), 'utf8')));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

interface Where {
  readonly login?: string;
  readonly host?: string;
  readonly scheme?: 'smtp' | 'smtps';
}

/** A real SMTP server on loopback; with TLS it shows a certificate that it made itself. */
async function openSmtp(
  options: SMTPServerOptions = {},
  { login = '', host = '127.0.0.1', scheme = 'smtp' }: Where = {},
): Promise<OpenedMail> {
  const arrived: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        arrived.push(Buffer.concat(chunks).toString());
        done();
      });
    },
    ...options,
  });
  // A client that hangs up because of the certificate is an error to the server.
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, host, () => resolve()));
  const bound = server.server.address();
  if (bound === null || typeof bound === 'string') throw new Error('expected a port');
  return {
    mail: createSmtpMail({ url: `${scheme}://${login}${host}:${bound.port}`, from, clock: noon }),
    received: async () => arrived,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
