import type { Admitted } from '../model.ts';
import type { Wire } from './refusal.ts';

/** Of a model's making nothing is told here: a fixed moment stands where the wires want one. */
const sometime = { seconds: 0, text: '1970-01-01T00:00:00Z' } as const;

/** The models that a key is for, in the form of a wire. */
export function modelsOf({ names }: Admitted, wire: Wire): unknown {
  const data = names.map((name) => modelOf(name, wire));
  if (wire === 'openai') return { object: 'list', data };
  return { data, has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null };
}

/** One of them. */
export function modelOf(name: string, wire: Wire): unknown {
  return wire === 'openai'
    ? { id: name, object: 'model', created: sometime.seconds, owned_by: 'breakwater' }
    : { type: 'model', id: name, display_name: name, created_at: sometime.text };
}
