import { type Fields, isFields } from './fields.ts';
import type { CallKind } from './figures.ts';

/** Tiers in which a token costs what the developer's prices say, or less. */
const tiersKnown: ReadonlySet<unknown> = new Set([
  'auto',
  'default',
  'flex',
  'standard',
  'standard_only',
]);

/**
 * What of a body its tokens do not tell the cost of, or goes on after the answer, in words; null:
 * nothing. What is false or null is as good as left out; any other value counts, because some
 * upstreams take "true" and 1 for true.
 */
export function unmeteredIn(kind: CallKind, fields: Fields): string | null {
  const has = (name: string) => (fields[name] ?? false) !== false;
  const tier = fields['service_tier'] ?? 'auto';
  if (!tiersKnown.has(tier)) return `"service_tier" of ${JSON.stringify(tier).slice(0, 40)}`;
  if (kind === 'responses' && has('background')) return '"background"';
  if (kind === 'chat' && has('prediction')) return '"prediction"';
  // More answers than are told of, by what many self-hosted servers speak.
  if (has('best_of') && fields['best_of'] !== 1) return '"best_of"';
  if (has('use_beam_search')) return '"use_beam_search"';
  // Other limits of output than those that are read here, by which some of them hold instead.
  for (const name of ['n_predict', 'max_new_tokens']) if (has(name)) return `"${name}"`;
  // Other models than the one that the key is for, each with its own price.
  for (const name of ['models', 'fallbacks']) if (has(name)) return `"${name}"`;
  // Tokens at another price than that of text.
  if (speaks(fields['modalities'])) return '"modalities" beyond text';
  // A multiple of the price.
  if (has('speed') && fields['speed'] !== 'standard') return '"speed"';
  if (has('inference_geo') && fields['inference_geo'] !== 'global') return '"inference_geo"';
  return compacts(fields['context_management']) ? '"context_management" that compacts' : null;
}

function speaks(modalities: unknown): boolean {
  if ((modalities ?? false) === false) return false;
  return !Array.isArray(modalities) || modalities.some((one) => one !== 'text');
}

/** Whether the upstream writes the conversation anew: the figures leave out what that took. */
function compacts(management: unknown): boolean {
  if ((management ?? null) === null) return false;
  const edits = isFields(management) ? (management['edits'] ?? []) : management;
  const clears = (edit: unknown) =>
    isFields(edit) && typeof edit['type'] === 'string' && edit['type'].startsWith('clear_');
  return !Array.isArray(edits) || !edits.every(clears);
}
