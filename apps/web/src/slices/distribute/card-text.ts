import type { Notice } from '@breakwater/contract';
import { fullMoment } from '../../ui/time.ts';
import { becauseOf } from './due.ts';

/**
 * A card as plain text, for whoever is to do it: a message, a ticket. `zone` is the sender's.
 * Everything from outside stays on its line and without control characters.
 */
export function cardText({ card, advisory, inventory }: Notice, zone: string): string {
  const due = card.dueAt === null ? 'With the next update' : `By ${fullMoment(card.dueAt, zone)}`;
  const lines = [
    card.headline,
    `What is wrong: ${card.why}`,
    `${due}. ${becauseOf(card.dueBecause).plain}`,
    '',
    ...card.steps.flatMap(({ text, command }, at) => [
      `${at + 1}. ${text}`,
      ...(command === null ? [] : [`     ${command}`]),
    ]),
    '',
    ...card.where.map(({ component, version, fixed }) => {
      return `Installed: ${component} ${version}; ${fixed === null ? 'no fixed version yet' : `fixed in ${fixed}`}`;
    }),
    `List: ${inventory.name}. Advisory: ${advisory}`,
    'Please tell me when it is done: I report it.',
  ];
  return `${lines.map(onOneLine).join('\n')}\n`;
}

function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trimEnd();
}
