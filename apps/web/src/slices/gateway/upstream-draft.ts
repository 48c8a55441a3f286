import type { Body, GatewayUpstream } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';

/** What a form about an endpoint holds: text as it was typed. */
export interface UpstreamDraft {
  readonly kind: GatewayUpstream['kind'];
  readonly baseUrl: string;
  readonly modelName: string;
  /** The one name of a limit that it obeys; empty: both. */
  readonly limitName: string;
  readonly secret: string;
  readonly contextTokens: string;
  readonly outputMax: string;
  readonly concurrent: string;
  readonly place: string;
  readonly currency: string;
  /** A unit of the currency for a million tokens, such as `2.50`. */
  readonly inputPrice: string;
  readonly outputPrice: string;
  readonly cacheReadPrice: string;
  readonly cacheWritePrice: string;
}

export const blankUpstream: UpstreamDraft = {
  kind: 'openai',
  baseUrl: '',
  modelName: '',
  limitName: '',
  secret: '',
  contextTokens: '',
  outputMax: '',
  concurrent: '50',
  place: '0',
  currency: 'USD',
  inputPrice: '',
  outputPrice: '',
  cacheReadPrice: '',
  cacheWritePrice: '',
};

/** What stands there, to be written anew. The secret is in no answer: left empty, it stays. */
export function draftOfUpstream(upstream: GatewayUpstream): UpstreamDraft {
  const { prices } = upstream;
  return {
    kind: upstream.kind,
    baseUrl: upstream.baseUrl ?? '',
    modelName: upstream.modelName ?? '',
    limitName: upstream.limitName ?? '',
    secret: '',
    contextTokens: String(upstream.contextTokens),
    outputMax: String(upstream.outputMax),
    concurrent: String(upstream.concurrent),
    place: String(upstream.place),
    currency: prices.currency,
    inputPrice: priceText(prices.inputMicros),
    outputPrice: priceText(prices.outputMicros),
    cacheReadPrice: priceText(prices.cacheReadMicros),
    cacheWritePrice: priceText(prices.cacheWriteMicros),
  };
}

type Wish = Omit<Body<typeof gateway.reviseUpstream>, 'ifRevision'>;

/** The endpoint that a draft describes; null: something is missing or malformed. */
export function upstreamOf(draft: UpstreamDraft): Wish | null {
  const cache = {
    cacheReadMicros: microsOf(draft.cacheReadPrice),
    cacheWriteMicros: microsOf(draft.cacheWritePrice),
  };
  const wish = gateway.reviseUpstream.body.safeParse({
    kind: draft.kind,
    baseUrl: draft.baseUrl.trim(),
    modelName: draft.modelName.trim(),
    ...(draft.limitName === '' ? {} : { limitName: draft.limitName }),
    contextTokens: wholeOf(draft.contextTokens),
    outputMax: wholeOf(draft.outputMax),
    concurrent: wholeOf(draft.concurrent),
    place: wholeOf(draft.place),
    prices: {
      currency: draft.currency.trim(),
      inputMicros: microsOf(draft.inputPrice),
      outputMicros: microsOf(draft.outputPrice),
      ...Object.fromEntries(
        Object.entries(cache).filter(
          ([name]) =>
            draft[name === 'cacheReadMicros' ? 'cacheReadPrice' : 'cacheWritePrice'] !== '',
        ),
      ),
    },
    ...(draft.secret.trim() === '' ? {} : { secret: draft.secret.trim() }),
  });
  return wish.success ? wish.data : null;
}

/** A whole number; NaN where there is none. */
export function wholeOf(text: string): number {
  const plain = text.replaceAll(/[\s,_]/g, '');
  return /^\d{1,15}$/.test(plain) ? Number(plain) : Number.NaN;
}

/** Millionths of what stands there in units, with six places at most; NaN where it is no price. */
export function microsOf(text: string): number {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (match === null) return Number.NaN;
  const [, units = '', places = ''] = match;
  return Number(units) * 1_000_000 + Number(places.padEnd(6, '0'));
}

/** Millionths as units, as they are typed. */
export function priceText(micros: number | undefined): string {
  if (micros === undefined) return '';
  const text = (micros / 1_000_000).toFixed(6);
  return text.replace(/\.?0+$/, '');
}
