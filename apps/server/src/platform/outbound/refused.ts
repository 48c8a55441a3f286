import { refuse } from '@breakwater/kernel';

/**
 * Why something was not had. `unreachable` may be another one in an hour; the rest are answers:
 * nothing of that name, no address on the open net, sent elsewhere, more than is read.
 */
export type OutboundCode =
  | 'nothing-there'
  | 'address-not-allowed'
  | 'redirected-elsewhere'
  | 'answer-too-large'
  | 'unreachable';

/** The refusal of one code. */
export function stopped<C extends OutboundCode>(code: C, address: string, got: string) {
  return refuse({
    code,
    expected: `to have what ${address} publishes`,
    got,
    todo: 'publish it there, over https on the open net and without a redirect to another origin',
  });
}

/** The name server says so; anything else means that none was heard. */
export const absent: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** What a question to the name servers came to, by the code that c-ares gave. */
export function dnsFailure(name: string, code: string) {
  const why: OutboundCode = absent.has(code) ? 'nothing-there' : 'unreachable';
  return {
    code: why,
    expected: `an answer of the name servers about ${name}`,
    got: absent.has(code) ? 'no such record' : `no answer (${code})`,
    todo: 'see that the record is published, and ask again once name servers know it',
  };
}
