import { fakeUpstream } from '../apps/server/test/fake-upstream.ts';

/**
 * A scripted server in the place of a model, to try the gateway with (docs/operate/gateway.md). It
 * speaks both forms, asks for no key, and says nothing but `word0 word1 …`.
 */
const port = Number(process.argv[2] ?? 8440);
const wordsMax = 40;
/** Slow enough that somebody can cut a stream off. */
const betweenMs = 250;

const { baseUrl } = await fakeUpstream(({ body }) => {
  const asked = body['max_tokens'] ?? body['max_completion_tokens'] ?? body['max_output_tokens'];
  const outputTokens = Math.min(typeof asked === 'number' ? asked : wordsMax, wordsMax);
  return body['stream'] === true ? { outputTokens, betweenMs } : { outputTokens };
}, port);
console.log(`a scripted model answers on ${baseUrl}; press Ctrl-C to stop it`);
