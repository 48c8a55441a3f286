import type { QuietPeriod } from '@breakwater/contract';
import { weekdays } from '@breakwater/contract';
import { dayAndHour } from '../../ui/time.ts';
import { daysWords } from './words.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A period in words, each with the zone whose clocks it is read on. */
export function quietWords(period: QuietPeriod): string {
  const zone = period.zone.replaceAll('_', ' ');
  switch (period.kind) {
    case 'once':
      return `${dayAndHour(period.from, period.zone)} to ${dayAndHour(period.until, period.zone)}, ${zone}`;
    case 'weekly': {
      const days = daysWords(period.days.map((day) => weekdays.indexOf(day) + 1));
      return `${days} ${hoursWords(period.from, period.until)}, ${zone}`;
    }
    case 'yearly':
      return `${dateWords(period.from)} to ${dateWords(period.until)} each year, ${zone}`;
  }
}

/** `22:00 to 06:00 the next day`. */
export function hoursWords(from: string, until: string): string {
  if (from === until) return 'all day';
  return until > from ? `${from} to ${until}` : `${from} to ${until} the next day`;
}

/** `12-20` is 20 Dec. */
function dateWords(text: string): string {
  return `${Number(text.slice(3))} ${months[Number(text.slice(0, 2)) - 1] ?? ''}`;
}
