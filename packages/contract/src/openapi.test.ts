import { expect, test } from 'vitest';
import { openApi } from './openapi.ts';
import { operations } from './operations.ts';

type Node = { readonly [key: string]: unknown };

// The document is JSON, whatever the shape of its parts.
const document = JSON.parse(JSON.stringify(openApi())) as {
  paths: Record<string, Record<string, { operationId: string; parameters: Node[] }>>;
  components: { schemas: Record<string, Node> };
};

test('every operation is in the document once, with the parameters its path names', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters }]) => ({
      operation: `${method.toUpperCase()} ${path} ${operationId}`,
      parameters: parameters.filter((p) => p['in'] === 'path').map((p) => p['name']),
    })),
  );
  expect(described.toSorted(byOperation)).toEqual(
    operations
      .map(({ id, method, path }) => ({
        operation: `${method} ${path} ${id}`,
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      }))
      .toSorted(byOperation),
  );
});

test('every reference leads to a named view, and every named view is referred to', () => {
  const references = new Set(
    nodesOf(document)
      .map((node) => node['$ref'])
      .filter((ref) => ref !== undefined),
  );
  const views = Object.keys(document.components.schemas);
  expect([...references].map(String).toSorted()).toEqual(
    views.map((name) => `#/components/schemas/${name}`).toSorted(),
  );
});

test('no property is left without a form, and required names are properties', () => {
  const faults = nodesOf(document).flatMap((node) => {
    const properties = node['properties'];
    if (typeof properties !== 'object' || properties === null) return [];
    const required = Array.isArray(node['required']) ? node['required'] : [];
    return [
      ...Object.entries(properties)
        .filter(([, form]) => Object.keys(form).length === 0)
        .map(([name]) => `${name} has no form`),
      ...required.filter((name) => !(name in properties)).map((name) => `${name} is nowhere`),
    ];
  });
  expect(faults).toEqual([]);
});

test('a moment and an id are described as what a client must send', () => {
  const text = JSON.stringify(document.paths['/v1/cases/{case}/embargo']);
  expect(text).toContain('"endsAt":{"type":"string","maxLength":40,"format":"date-time"}');
  expect(text).toContain('{"type":"string","pattern":"^case_[0-9a-hjkmnp-tv-z]{26}$"}');
});

function byOperation(a: { operation: string }, b: { operation: string }): number {
  return a.operation < b.operation ? -1 : 1;
}

function nodesOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(nodesOf);
  return Array.isArray(value) ? inside : [value as Node, ...inside]; // an object, and no array
}
