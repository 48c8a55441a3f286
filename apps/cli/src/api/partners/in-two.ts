import { Stop } from '../../stop.ts';

/** What stands before the first colon, and what behind it. */
export function inTwo(text: string, option: string): readonly [string, string] {
  const at = text.indexOf(':');
  const [first, second] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (first !== '' && second !== '') return [first, second];
  throw new Stop({
    code: 'option-malformed',
    expected: `${option}: a word, a colon and what is said of it`,
    got: JSON.stringify(text),
    todo: 'put all of it between quotes, such as "contact: the desk answers at night"',
  });
}
