import type { Result } from '@breakwater/kernel';

const REFUSAL_MAX = 8000;
const GROWTH_FREE = 64 << 10;

/** What is wrong with an answer; null when it is one that a reader may give. */
export function faultOf(answer: unknown, size: number, growthMax: number): string | null {
  if (Object.keys(Object.prototype).length > 0) return 'the prototype of all objects was changed';
  if (!isResult(answer)) return `no Result: ${String(answer).slice(0, 200)}`;
  if (answer.ok) return growthFault(answer.value, GROWTH_FREE + size * growthMax);
  const { code, expected, got, todo } = answer.refusal;
  const words = [code, expected, got, todo];
  if (!words.every((word) => typeof word === 'string' && word !== '')) return 'a mute refusal';
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code)) return `a code that is none: ${code.slice(0, 100)}`;
  const length = words.join('').length;
  return length > REFUSAL_MAX ? `a refusal of ${length} characters` : null;
}

function isResult(answer: unknown): answer is Result<unknown> {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false;
  if (answer.ok === true) return 'value' in answer;
  return answer.ok === false && 'refusal' in answer && typeof answer.refusal === 'object';
}

/** A small document that becomes a large value is a bomb, whatever it says. */
function growthFault(value: unknown, max: number): string | null {
  let left = max;
  const waiting: unknown[] = [value];
  const seen = new Set<unknown>();
  for (let at = waiting.pop(); waiting.length > 0 || at !== undefined; at = waiting.pop()) {
    left -= typeof at === 'string' ? at.length : 8;
    if (left < 0) return `grew beyond ${max} bytes`;
    if (typeof at !== 'object' || at === null || seen.has(at)) continue;
    seen.add(at);
    if (ArrayBuffer.isView(at)) left -= at.byteLength;
    else if (at instanceof Map || at instanceof Set) waiting.push(...[...at].slice(0, max));
    else for (const member of Object.values(at)) waiting.push(member);
  }
  return null;
}
