import { expect, test } from 'vitest';
import { pathOf, pathTo, patterns, queryOf } from './paths.ts';
import { places } from './routes.ts';

test('every address there is', () => {
  expect(patterns).toMatchInlineSnapshot(`
    {
      "access": "/access",
      "account": "/account",
      "advisories": "/advisories",
      "advisory": "/advisories/$advisory",
      "answer": "/partners/application",
      "application": "/applications/$application",
      "applications": "/applications",
      "apply": "/partners/apply",
      "beforeYouJoin": "/before-you-join",
      "beginRun": "/runs/new",
      "benchmark": "/benchmark",
      "case": "/cases/$case",
      "cases": "/cases",
      "claim": "/claims/new",
      "claims": "/claims",
      "compare": "/suites/$suite/compare",
      "conflicts": "/conflicts",
      "coverage": "/coverage",
      "engagement": "/engagements/$engagement",
      "engagements": "/engagements",
      "entry": "/record/$entry",
      "file": "/files/$file",
      "files": "/files",
      "findings": "/findings",
      "gallery": "/gallery",
      "gateway": "/gateway",
      "gatewayKey": "/keys/$gkey",
      "gatewayKeys": "/keys",
      "gatewayRequest": "/requests/$request",
      "grant": "/access/$grant",
      "help": "/help",
      "home": "/",
      "inbox": "/inbox",
      "inventories": "/inventories",
      "item": "/items/$item",
      "leave": "/account/leave",
      "mail": "/account/mail",
      "notice": "/notices/$notice",
      "notices": "/notices",
      "openEngagement": "/engagements/new",
      "pace": "/pace",
      "partners": "/partners",
      "party": "/people/$party",
      "people": "/people",
      "precheck": "/precheck",
      "publish": "/cases/$case/publish",
      "recipes": "/recipes",
      "record": "/record",
      "review": "/runs/$run/review",
      "rules": "/rules",
      "run": "/runs/$run",
      "runs": "/runs",
      "sample": "/samples/$sample",
      "sealSuite": "/suites/new",
      "signIn": "/sign-in",
      "submit": "/submit",
      "suite": "/suites/$suite",
      "suites": "/suites",
      "target": "/targets/$control",
      "targets": "/targets",
      "terms": "/engagements/$engagement/terms/$terms",
      "window": "/windows/$window",
    }
  `);
});

test('an address with a thing and a search', () => {
  expect(pathOf('cases', { stage: 'received', q: '', from: undefined })).toBe(
    '/cases?stage=received',
  );
  expect(pathTo('case', { case: 'case_1' })).toBe('/cases/case_1');
  expect(pathTo('publish', { case: 'case_1' }, { step: '2' })).toBe('/cases/case_1/publish?step=2');
});

test('what stands in an address cannot leave its place', () => {
  expect(pathTo('entry', { entry: '../x?y#z' })).toBe('/record/..%2Fx%3Fy%23z');
  expect(queryOf({ q: 'a&b=c #1' })).toBe('?q=a%26b%3Dc+%231');
});

test('every address has a screen, and every screen an address', () => {
  const shown = places.map(({ pattern }) => pattern);
  expect(shown.toSorted()).toEqual(Object.values(patterns).toSorted());
});
