import { pointerToken } from '../json-pointer.ts';
import { ok, type Result, refuse } from '../result.ts';
import { classified, type FoundMarking } from './find.ts';

/**
 * Refuses a value with a classification marking in any of its texts, at any depth, names of fields
 * included. Says what form was found and where, and never what stands there.
 *
 * @param value JSON that a schema let in, so at most 64 deep: a broken assumption throws.
 */
export function refuseClassified(value: unknown): Result<null, 'classified-text'> {
  return within(value, '', 0);
}

function within(value: unknown, pointer: string, depth: number): Result<null, 'classified-text'> {
  if (typeof value === 'string') {
    const found = classified(value);
    return found === null ? ok(null) : refuse(classifiedText(found, pointer));
  }
  if (typeof value !== 'object' || value === null) return ok(null);
  if (depth === depthMax) throw new RangeError(`expected JSON at most ${depthMax} deep`);
  for (const [name, each] of Object.entries(value)) {
    const inName = Array.isArray(value) ? null : classified(name);
    // The name itself would echo what was found in it.
    if (inName !== null) return refuse(classifiedText(inName, pointer));
    const inside = within(each, `${pointer}/${pointerToken(name)}`, depth + 1);
    if (!inside.ok) return inside;
  }
  return ok(null);
}

const depthMax = 64;

/** The refusal of a text with a marking, which says where it stands and not what. */
export function classifiedText({ kind, line, column }: FoundMarking, pointer: string) {
  return {
    code: 'classified-text',
    expected: 'text without classification markings: this system is unclassified',
    got: `what reads as ${forms[kind]} at line ${line}, character ${column}; nothing was kept`,
    todo: 'if it is classified, tell your security officer and send it nowhere; if not, word it otherwise',
    pointer,
  } as const;
}

const forms: Readonly<Record<FoundMarking['kind'], string>> = {
  banner: 'a classification banner',
  portion: 'a portion marking',
  'authority-block': 'a line of a classification authority block',
  control: 'a dissemination control',
};
