import { spanWords } from '../../ui/time.ts';

/** `3 days 4 hours left` or `2 hours overdue`, seen from `now` (Unix milliseconds). */
export function dueWords(dueAt: string, now: number): string {
  const left = Date.parse(dueAt) - now;
  return left > 0 ? `${spanWords(left)} left` : `${spanWords(left)} overdue`;
}

/** Why there is this deadline: in plain words, and the rule itself (null where the card has none). */
export function becauseOf(text: string): { readonly plain: string; readonly rule: string | null } {
  const [plain = '', ...rule] = text.split('\n');
  return { plain, rule: rule.length === 0 ? null : rule.join('\n') };
}
