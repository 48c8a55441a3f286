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
    'us%40er:p%3Aw@',
  );
  await opened.mail.send(plain);
  expect(seen).toEqual([['us@er', 'p:w']]);
});

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

/** A real SMTP server on loopback. */
async function openSmtp(options: SMTPServerOptions = {}, login = ''): Promise<OpenedMail> {
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
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const bound = server.server.address();
  if (bound === null || typeof bound === 'string') throw new Error('expected a port');
  return {
    mail: createSmtpMail({ url: `smtp://${login}127.0.0.1:${bound.port}`, from, clock: noon }),
    received: async () => arrived,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
