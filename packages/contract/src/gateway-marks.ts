/**
 * What the watch of the gateway can say of a request. A mark informs whoever made the model; no
 * request is held up by it, and none is refused.
 */
export const gatewayMarks = [
  // Of extraction: how much, how alike, how broad.
  'volume-beyond-past',
  'volume-at-quota',
  'prompts-alike',
  'prompt-repeated',
  'prompts-broad',
  'asks-probabilities',
  // Of a key in more hands than one.
  'many-addresses',
  'many-agents',
  'too-fast-travel',
  // Of what was said.
  'canary-in-request',
  'canary-in-answer',
  'secret-in-request',
  'secret-in-answer',
  'injection-in-request',
  'hidden-text-in-request',
] as const;
export type GatewayMark = (typeof gatewayMarks)[number];

/**
 * What the gateway notes of a call's endpoint, for its developer: nothing of a key, so that it raises
 * no incident.
 */
export const endpointMarks = [
  /** It has no address at which this gateway may call. */
  'endpoint-nowhere',
  /** It told more tokens than was reserved as the most. */
  'figures-beyond-bound',
  /** It told far more, or far fewer, than such a text is likely to have. */
  'figures-unlikely',
] as const;
export type EndpointMark = (typeof endpointMarks)[number];
