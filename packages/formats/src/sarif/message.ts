import { listOf, type Members, membersOf, wordsOf } from '../json/members.ts';

const argumentsMax = 100;
const textMax = 100_000;

/**
 * The text of a message, §3.11: as it is, or looked up by its id in what the rule and the tool
 * offer, with `{0}` replaced by its arguments. `described`: the texts by id.
 */
export function messageOf(message: unknown, described: readonly Members[] = []): string | null {
  const given = membersOf(message);
  const id = wordsOf(given['id'], 300);
  const template = textOf(given) ?? (id === null ? null : lookUp(id, described));
  if (template === null) return null;
  const values = listOf(given['arguments'], argumentsMax);
  const filled = fill(template, values).slice(0, textMax);
  return plainLinks(filled).trim() || null;
}

/** Of a multiformatMessageString (§3.12) or a message: the plain text, else the markdown. */
export function textOf(message: unknown): string | null {
  const given = membersOf(message);
  return wordsOf(given['text'], textMax) ?? wordsOf(given['markdown'], textMax);
}

function lookUp(id: string, described: readonly Members[]): string | null {
  for (const texts of described) {
    if (Object.hasOwn(texts, id)) return textOf(texts[id]);
  }
  return null;
}

/** §3.11.5: `{0}` is a place for an argument, `{{` and `}}` stand for one brace each. */
function fill(template: string, values: readonly unknown[]): string {
  if (values.length === 0 && !template.includes('{')) return template;
  let length = template.length;
  return template.replace(/\{\{|\}\}|\{(\d{1,3})\}/g, (all, index: string | undefined) => {
    if (index === undefined) return values.length === 0 ? all : all.charAt(0);
    const value = values[Number(index)];
    if (typeof value !== 'string' || length > textMax) return all;
    length += value.length;
    return value;
  });
}

/** §3.11.6: `[text](target)` becomes its text; a web address stays beside it. */
function plainLinks(text: string): string {
  if (!text.includes('](')) return text;
  return text.replace(
    /(?<!\\)\[((?:[^[\]\\\n]|\\.){1,500})\]\(([^()\s]{1,500})\)/g,
    (_, words: string, target: string) => {
      const plain = words.replace(/\\([\\[\]])/g, '$1');
      return /^https?:/i.test(target) ? `${plain} (${target})` : plain;
    },
  );
}
