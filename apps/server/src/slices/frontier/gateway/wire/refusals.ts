import type { Instant, Refusal } from '@breakwater/kernel';
import type { Left, NotReserved, NotReservedCode } from '../meters/model.ts';
import type { NotKnown } from './admission.ts';
import type { Asked } from './asked.ts';
import type { BodyFault } from './body.ts';
import type { LaneEnd } from './lanes.ts';
import { refused, type WireRefusal } from './refusal.ts';

/** Why a call ends here: every refusal of the wire but those of a body’s form (asked.ts). */
export const noKey: WireRefusal = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer' },
  refusal: {
    code: 'key-missing',
    expected: 'a key as "Authorization: Bearer bwg_…" or "x-api-key: bwg_…", one of the two',
    got: 'none of that form, or two',
    todo: 'send the gateway key that was shown when it was issued; others, as of the API, are not for here',
  },
};

export function keyNotKnown(why: NotKnown): WireRefusal {
  if (why === 'cannot-tell') return tryElsewhere;
  return {
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    refusal: {
      code: 'key-unknown',
      expected: 'a key that stands',
      got: 'one that is unknown, ended or cut off',
      todo: 'look at the page of your keys; issue another one there',
    },
  };
}

/** This process has not heard of late what changed. */
const tryElsewhere: WireRefusal = {
  status: 503,
  retryAfter: 2,
  refusal: {
    code: 'not-in-touch',
    expected: 'a process that knows which keys stand',
    got: 'one that has not heard of it for some seconds',
    todo: 'try again; the operator looks at the database',
  },
};

export const tooLongToKeep: WireRefusal = refused(413, {
  code: 'body-too-large',
  expected: 'a body of less than 8 MiB, because the terms of this key have bodies kept',
  got: 'a longer one',
  todo: 'send less at one time, or by reference',
});

/** Providers charge by the use as well, which neither a price nor a figure here tells. */
export const toolsUnpriced: WireRefusal = refused(400, {
  code: 'not-metered',
  expected: 'a call whose cost its tokens tell, because the money of this key is limited',
  got: 'one with tools that the endpoint runs',
  todo: 'leave these tools out, or run them yourself; or ask for a key without a limit of money',
});

export const noRoom: WireRefusal = {
  status: 503,
  retryAfter: 2,
  refusal: {
    code: 'bodies-not-kept',
    expected: 'room for the bodies that the terms of this key have kept',
    got: 'none at the moment',
    todo: 'try again in a moment',
  },
};

export const cutOff: WireRefusal = refused(403, {
  code: 'cut-off',
  expected: 'a key that stands until the call is over',
  got: 'one that ended meanwhile',
  todo: 'look at the page of your keys',
});

export const outputsAlone: WireRefusal = refused(403, {
  code: 'outputs-alone',
  expected: 'a key for calling the model',
  got: 'one by which jobs are run, of which the results alone are given',
  todo: 'run a job from a template of the developer',
});

export function notFound(what: string): WireRefusal {
  return refused(404, {
    code: 'no-such-address',
    expected: 'an address of the wire: see docs/gateway.md',
    got: what,
    todo: 'set the base address of your client to this one, with /v1 where it asks for that',
  });
}

export function noModel(asked: { readonly model: string }): WireRefusal {
  return refused(404, {
    code: 'model-unknown',
    expected: 'the name of a model that this key is for',
    got: JSON.stringify(asked.model.slice(0, 100)),
    todo: 'ask /v1/models for the names',
  });
}

export function noUpstream({ kind }: Pick<Asked, 'kind'>): WireRefusal {
  if (kind === 'count-tokens') return noCount;
  return refused(404, {
    code: 'wire-not-spoken',
    expected: 'a call that an endpoint of the developer speaks',
    got: `one to ${kind}, which none of them does`,
    todo: 'use the other wire: chat completions or responses, or messages',
  });
}

const noCount: WireRefusal = refused(404, {
  code: 'wire-not-spoken',
  expected: 'a model with an endpoint of the Anthropic form, which alone counts tokens beforehand',
  got: 'one that has none',
  todo: 'count by a tokenizer of your own, or go by the figures of an answer',
});

const bodyFaults: Readonly<Record<BodyFault, readonly [number, string, string]>> = {
  'too-large': [413, 'a body of at most 32 MiB', 'send less, or by reference'],
  'too-many': [503, 'fewer large bodies at one time', 'try again in a moment'],
  'broken-off': [400, 'a body that comes to its end', 'try again'],
  encoded: [415, 'a body as it is', 'send it without a content-encoding'],
};

export function badBody(fault: BodyFault): WireRefusal {
  const [status, expected, todo] = bodyFaults[fault];
  const refusal = { code: `body-${fault}`, expected, got: 'another', todo };
  return status === 503 ? { status, refusal, retryAfter: 1 } : { status, refusal };
}

const turns: Readonly<Record<LaneEnd, string>> = {
  full: 'as many of your party as may wait do so',
  late: 'no turn came in time',
  left: 'the client left',
};

export function noTurn(end: LaneEnd): WireRefusal {
  return {
    status: 503,
    retryAfter: 5,
    refusal: {
      code: 'no-turn',
      expected: 'a turn at the developer’s endpoint',
      got: turns[end],
      todo: 'try again, or make fewer calls at one time',
    },
  };
}

export const upstreamUnusable: WireRefusal = refused(502, {
  code: 'upstream-unusable',
  expected: 'a developer’s endpoint that takes the developer’s own secret',
  got: 'one that does not',
  todo: 'tell the developer; nothing is wrong with your key',
});

/** The endpoint takes no more for now. */
export function upstreamBusy(retryAfter: number | null): WireRefusal {
  return {
    status: 503,
    retryAfter: retryAfter ?? 5,
    refusal: {
      code: 'upstream-busy',
      expected: 'a developer’s endpoint that takes calls',
      got: 'that it takes no more of them for now',
      todo: 'try again later; your own limits are untouched',
    },
  };
}

export function upstreamSilent(isLate: boolean): WireRefusal {
  return refused(isLate ? 504 : 502, {
    code: 'upstream-silent',
    expected: 'an answer of the developer’s endpoint',
    got: isLate ? 'none in time' : 'a connection that broke off before it',
    todo: 'try again; what the call may have taken is counted in full until it is corrected',
  });
}

export const upstreamUnreached: WireRefusal = {
  status: 502,
  retryAfter: 5,
  refusal: {
    code: 'upstream-unreached',
    expected: 'a developer’s endpoint that can be reached',
    got: 'none',
    todo: 'try again later; nothing was taken',
  },
};

export const wentWrong: WireRefusal = refused(500, {
  code: 'went-wrong',
  expected: 'to carry the call out',
  got: 'a fault of the gateway itself',
  todo: 'tell the operator when it was',
});

const reasons: Readonly<Record<NotReservedCode, readonly [number, string, string]>> = {
  'quota-spent': [429, 'enough left of every quota', 'wait until more comes, or ask for less'],
  'beyond-quota': [429, 'no more than a quota’s whole', 'ask for less: waiting is of no use'],
  'currency-differs': [503, 'a price in the currency of the key', 'tell the developer'],
  'id-used': [503, 'an id of its own for the call', 'try again'],
  'not-in-touch': [503, 'a process that is in touch with the meters', 'try again in a moment'],
  'too-much-unsaved': [503, 'a process that can store what it counts', 'try again in a moment'],
  contended: [503, 'a turn at the meters', 'try again in a moment'],
};

/** Where something of a whole grant is spent. */
const forGood = 'ask for less, or whoever issued the key for more: none comes with time';

/** A refusal of the meters: what is left of what, and when more comes. */
export function notReserved(no: NotReserved, now: Instant): WireRefusal {
  const [status, expected, todo] = reasons[no.code];
  const got = no.short.length === 0 ? 'another state' : no.short.map(leftInWords).join('; ');
  const waitMs = no.moreAt === null ? null : Date.parse(no.moreAt) - Date.parse(now);
  const ends = (of: Left['span']) => no.short.some(({ span }) => span === of);
  const isForGood = ends('grant');
  const isSpent = isForGood && no.code === 'quota-spent';
  const refusal: Refusal = { code: no.code, expected, got, todo: isSpent ? forGood : todo };
  // What a call that ends gives back is of no use where nothing of the grant is left.
  const usual = status === 503 || (ends('now') && !isForGood) ? 1 : undefined;
  return {
    status,
    refusal,
    retryAfter: waitMs === null ? usual : waitMs / 1_000,
    headers: Object.fromEntries(no.left.map(leftHeader)),
  };
}

const words: Readonly<Record<Left['kind'], string>> = {
  requests: 'requests',
  inputTokens: 'input tokens',
  outputTokens: 'output tokens',
  costMicros: 'millionths of the currency',
  atOnce: 'requests at one time',
};

function leftInWords({ kind, span, left, moreAt }: Left): string {
  const when = span === 'now' ? '' : span === 'grant' ? ' of the grant' : ` of the ${span}`;
  const more = moreAt === null ? '' : `, more at ${moreAt}`;
  return `${left} ${words[kind]}${when} left${more}`;
}

/** `x-breakwater-left-output-tokens-minute: 512`. */
function leftHeader({ kind, span, left }: Left): readonly [string, string] {
  const name = kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [`x-breakwater-left-${name}-${span}`, String(left)];
}
