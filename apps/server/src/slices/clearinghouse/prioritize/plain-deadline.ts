import type { Priority } from '@breakwater/priorities';

type Rule = Priority['bod2604'];

const attackers = {
  used: 'Attackers already use this weakness.',
  'not-listed': 'It is not on the public list of weaknesses that attackers are known to use.',
  unknown: 'Whether attackers already use this weakness was not looked up.',
} as const;

/** Whether attackers use a weakness, as far as the catalog of them (KEV) or a person said. */
export type Use = keyof typeof attackers;

/**
 * A deadline for a reader who knows neither the rule nor its table: one line in plain words, then,
 * on a line of its own, the rule with its inputs.
 */
export function plainDeadline(rule: Rule, use: Use): string {
  const plain =
    rule.days === null
      ? [attackers[use], 'No day is fixed: do it with your next update.']
      : [
          `You have ${rule.days} days, ${since(rule)}.`,
          attackers[use],
          'The number of days is a rule of CISA, the cyber security agency of the United States:',
          'it binds federal offices and is good advice for everybody else.',
        ];
  return `${plain.join(' ')}\nBOD 26-04, ${rule.tier}: ${rule.rule}`;
}

function since(rule: Rule): string {
  return rule.rule.endsWith('from the first detection')
    ? 'counted from when it was found in your list'
    : 'counted from the day it was put on the list of weaknesses that attackers use';
}
