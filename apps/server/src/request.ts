import type { Operation } from '@breakwater/contract';
import { fromUtf8, type Refusal } from '@breakwater/kernel';
import type { Context } from 'hono';
import { z } from 'zod';
import { readBody } from './platform/edge/body.ts';
import type { Call } from './route.ts';

/** Longest part of an answer that repeats what was sent, in UTF-16 code units. */
const gotMax = 500;
/** Form of the Idempotency-Key header. */
export const idempotencyKeyShape = /^[\x21-\x7e]{8,120}$/;

/** What a request says, read. */
type Input = Pick<Call<Operation>, 'params' | 'query' | 'body'>;

/** Reads what a request says by the published form of its operation. */
export async function parseInput(c: Context, operation: Operation): Promise<Input | Refusal> {
  const params = operation.params.safeParse(c.req.param());
  // An id of the wrong shape is simply not there.
  if (!params.success) return notThere;
  const query = operation.query.safeParse(c.req.query());
  if (!query.success) return malformed(query.error, 'query');
  if (operation.body instanceof z.ZodUndefined) {
    return { params: params.data, query: query.data, body: undefined };
  }
  const bytes = await readBody(c.req.raw, operation.bodyBytesMax);
  if (bytes === null) return tooLarge(operation.bodyBytesMax);
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch {
    return notJson;
  }
  const body = operation.body.safeParse(json);
  if (!body.success) return malformed(body.error, 'body');
  // After the form is known: walking all that may be sent would take half a minute.
  if (!isWellFormed(body.data)) return notUnicode;
  return { params: params.data, query: query.data, body: body.data };
}

/** Whether every text in `json` is Unicode: half a surrogate pair has no bytes to keep or sign. */
function isWellFormed(json: unknown): boolean {
  const open: unknown[] = [json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && !value.isWellFormed()) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, part] of Object.entries(value)) open.push(name, part);
  }
  return true;
}

function malformed(error: z.ZodError, where: string): Refusal {
  const issue = error.issues[0];
  const pointer = `/${(issue?.path ?? []).map((p) => String(p).replace(/~/g, '~0').replace(/\//g, '~1')).join('/')}`;
  return {
    code: 'input-malformed',
    expected: `a ${where} in the published form`,
    // Cut: the message names what was sent, such as every key that is not known.
    got: `${pointer === '/' ? `the whole ${where}` : pointer}: ${issue?.message.slice(0, gotMax) ?? 'malformed'}`,
    todo: 'see /docs for the form, mend the field and send it again',
    pointer,
  };
}

function tooLarge(bytesMax: number): Refusal {
  return {
    code: 'input-too-large',
    expected: `a request of at most ${bytesMax} bytes`,
    got: 'a larger one',
    todo: 'send less at once',
  };
}

/** Said to a write without an Idempotency-Key. */
export const idempotencyKeyNeeded: Refusal = {
  code: 'idempotency-key-missing',
  expected: 'an Idempotency-Key header of 8 to 120 visible characters on every write',
  got: 'none, or one of another form',
  todo: 'send a fresh random key with each new request and the same key when you retry it',
};
const notThere: Refusal = {
  code: 'not-found',
  expected: 'the id of something you may see',
  got: 'none with this id',
  todo: 'check the id',
};
const notJson: Refusal = {
  code: 'input-malformed',
  expected: 'a JSON body in UTF-8',
  got: 'text that is not JSON',
  todo: 'send the body as JSON with content-type application/json',
};
const notUnicode: Refusal = {
  code: 'input-malformed',
  expected: 'text in Unicode',
  got: 'a text with half a surrogate pair',
  todo: 'encode the text anew; bytes that are no text go in as base64',
};
