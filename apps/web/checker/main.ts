import { utf8 } from '@breakwater/kernel';
import { checkFile } from '../src/slices/record/check-request.ts';
import type { Check } from '../src/slices/record/check-steps.ts';
import { outcomeWords, stateWords } from '../src/slices/record/check-steps.ts';

/** Largest file taken: a disclosure may be 16 MiB (disclosureBytesMax of the log package). */
const fileBytesMax = 16 * 1024 * 1024;

const disclosure = field('disclosure');
const key = field('key');
const saved = field('saved');
const result = found(document.getElementById('result'), 'result');

for (const area of [disclosure, key, saved]) {
  area.addEventListener('dragover', (event) => event.preventDefault());
  area.addEventListener('drop', (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void fill(area, file);
  });
  const picker = document.getElementById(`${area.id}-file`);
  picker?.addEventListener('change', () => {
    const file = picker instanceof HTMLInputElement ? picker.files?.[0] : undefined;
    if (file !== undefined) void fill(area, file);
  });
}

document.getElementById('check')?.addEventListener('click', () => {
  const later = saved.value.trim() === '' ? {} : { saved: saved.value };
  show(checkFile({ disclosure: utf8(disclosure.value), key: key.value, ...later }));
});

async function fill(area: HTMLTextAreaElement, file: File): Promise<void> {
  if (file.size > fileBytesMax) {
    result.replaceChildren(paragraph('outcome fails', `${file.name} is larger than 16 MiB.`));
    return;
  }
  area.value = await file.text();
  result.replaceChildren();
}

function show(check: Check): void {
  const list = document.createElement('ol');
  for (const step of check.steps) {
    const item = document.createElement('li');
    item.className = step.state;
    item.append(
      paragraph('title', `${stateWords[step.state]}: ${step.title}`),
      paragraph('words', step.words),
    );
    list.append(item);
  }
  const outcome = paragraph(`outcome ${check.holds ? 'holds' : 'fails'}`, outcomeWords(check));
  result.replaceChildren(outcome, list, ...contentOf(check));
  outcome.focus();
}

function contentOf(check: Check): HTMLElement[] {
  if (check.content === undefined) return [];
  const pre = document.createElement('pre');
  // textContent: what the entry says is data from outside and is never interpreted.
  pre.textContent = JSON.stringify(check.content, null, 2);
  const words = check.holds
    ? 'What the entry says (quoted):'
    : 'What the file claims the entry says (quoted; not proven):';
  return [paragraph('title', words), pre];
}

function paragraph(className: string, text: string): HTMLParagraphElement {
  const element = document.createElement('p');
  element.className = className;
  element.textContent = text;
  if (className.startsWith('outcome')) element.tabIndex = -1;
  return element;
}

function field(id: string): HTMLTextAreaElement {
  const element = document.getElementById(id);
  if (element instanceof HTMLTextAreaElement) return element;
  throw new Error(`expected a text area ${id}`);
}

function found(element: HTMLElement | null, id: string): HTMLElement {
  if (element === null) throw new Error(`expected an element ${id}`);
  return element;
}
