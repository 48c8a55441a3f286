import type { Engagement, Event, Terms } from './model.ts';

/** What stands of an engagement after an event; null before it was opened. */
export function evolve(engagement: Engagement | null, event: Event): Engagement | null {
  if (event.act === 'engage.opened') return opened(event);
  return engagement === null ? null : { ...engagement, ...changeBy(engagement, event) };
}

function opened(event: OpenedEvent): Engagement {
  const { act: _act, at, engagement, ...stated } = event;
  const nothingYet = { leftAt: null, releasedAt: null, dates: null, terms: [] };
  return { ...nothingYet, ...stated, id: engagement, openedAt: at };
}

type OpenedEvent = Extract<Event, { act: 'engage.opened' }>;

function changeBy(
  { model, terms }: Engagement,
  event: Exclude<Event, OpenedEvent>,
): Partial<Engagement> {
  switch (event.act) {
    case 'engage.dates-stated': {
      const { partners, general, statedAt } = event;
      return { dates: { partners, general, statedAt } };
    }
    case 'engage.model-stated':
      return { model: model === event.was ? event.model : model, openWeight: event.openWeight };
    case 'engage.sharing-altered':
      return { seers: event.seers };
    case 'engage.terms-proposed': {
      const { act: _act, terms: id, ...version } = event;
      return { terms: [...terms, { ...version, id, signed: {} }] };
    }
    case 'engage.terms-signed':
      return { terms: terms.map((each) => signedBy(each, event)) };
    case 'engage.left':
      return { leftAt: event.at };
    case 'engage.released':
      return { releasedAt: event.at };
  }
}

function signedBy(
  version: Terms,
  { terms, side, at }: Extract<Event, { act: 'engage.terms-signed' }>,
): Terms {
  if (version.id !== terms) return version;
  return { ...version, signed: { ...version.signed, [side]: at } };
}
