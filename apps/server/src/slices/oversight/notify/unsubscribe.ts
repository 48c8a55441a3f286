import { randomUUID } from 'node:crypto';
import { tidings } from '@breakwater/contract';
import { fromUtf8, ok } from '@breakwater/kernel';
import type { Context } from 'hono';
import type { App } from '../../../http.ts';
import { system } from '../../../platform/commands/audience.ts';
import type { Services } from '../../../services.ts';
import { standard, withoutMail } from './decide.ts';
import { hashOfToken } from './jobs.ts';
import { prefer } from './routes.ts';
import { findPreferences, memberToUnsubscribe } from './store.ts';

const tokenShape = /^[A-Za-z0-9_-]{43}$/;
const bodyMax = 1_024;

/**
 * The one-click link of mails (RFC 8058): looking shows a button, posting ends all mails that can be
 * ended. No operation of the contract, because programs that know no JSON and no key post here.
 * A token that is no longer known answers like one that is: the page tells nobody who is a member.
 */
export function serveUnsubscribe(app: App, services: Services): void {
  app.get('/unsubscribe/:token', (c) => page(c, askPage));
  app.post('/unsubscribe/:token', async (c) => {
    // 3.2: the body is the field of the header, as a form; without it nobody asked for this.
    const oneClick = await asksForIt(c.req.raw);
    const token = c.req.param('token');
    if (!oneClick) return page(c, askPage);
    if (tokenShape.test(token)) await unsubscribe(services, token);
    return page(c, donePage);
  });
}

async function asksForIt(request: Request): Promise<boolean> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader?.read(); next !== undefined && !next.done; ) {
    size += next.value.length;
    if (size > bodyMax) {
      await reader?.cancel();
      return false;
    }
    chunks.push(next.value);
    next = await reader?.read();
  }
  let text: string;
  try {
    text = fromUtf8(new Uint8Array(Buffer.concat(chunks)));
  } catch {
    return false;
  }
  // As application/x-www-form-urlencoded, or as a part of multipart/form-data.
  return (
    new URLSearchParams(text).get('List-Unsubscribe') === 'One-Click' ||
    /name="List-Unsubscribe"(?:\r\n[^\r\n]+)*\r\n\r\nOne-Click\r\n/.test(text)
  );
}

async function unsubscribe(services: Services, token: string): Promise<void> {
  const { database, execute } = services;
  const member = await database.read((r) => memberToUnsubscribe(r, hashOfToken(token)));
  if (member === null) return;
  const envelope = {
    actor: system,
    operation: 'notify.unsubscribe',
    idempotencyKey: `unsubscribe:${randomUUID()}`,
    request: { member },
  };
  await execute(envelope, async (tx) => {
    const preferences = (await findPreferences(tx, member)) ?? standard;
    // A link pressed again and again is one act.
    if (tidings.every((kind) => preferences[kind] === 'never')) {
      return ok({ events: [], response: null });
    }
    const done = await prefer(tx, member, withoutMail(preferences));
    return ok({ events: done.value.events, response: null });
  });
}

function page(c: Context, body: string): Response {
  c.header(
    'content-security-policy',
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  c.header('cache-control', 'no-store');
  // Without any referrer a browser would send the form's origin as null, which is refused at the door.
  c.header('referrer-policy', 'same-origin');
  return c.html(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Breakwater mail</title>
${body}
</html>
`);
}

const askPage = `<h1>No more mail?</h1>
<p>Breakwater will then no longer write to you that there is something new.
About changes to how you sign in you are still told.</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button>Stop these mails</button>
</form>`;

const donePage = `<h1>Done</h1>
<p>You get no more of these mails. Once signed in you can choose again under "Mail".</p>`;
