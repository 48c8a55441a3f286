import type { Me } from '@breakwater/contract';
import type { Screen } from '../slices/session/screen.ts';
import { patterns } from './paths.ts';

type Open = () => Promise<Screen>;

interface Place {
  readonly pattern: string;
  /** `anybody`: shown without signing in too. */
  readonly audience: 'members' | 'anybody';
  /** The id of an operation, which comes with the page that calls it; null: no one in particular. */
  readonly needs: string | null;
  readonly open: (me: Me | null) => Promise<Screen>;
}

/** What `/` is for each role: the page that says what there is to do. */
const homes: Readonly<Record<string, Open>> = {
  coordinator: () => import('../slices/coordinate/home-page.tsx').then(screen),
  owner: () => import('../slices/coordinate/inbox-page.tsx').then(screen),
  finder: () => import('../slices/collect/findings-page.tsx').then(screen),
  operator: () => import('../slices/distribute/notices-page.tsx').then(screen),
  auditor: () => import('../slices/record/audit-page.tsx').then(screen),
  evaluator: () => import('../slices/evaluate/suites-page.tsx').then(screen),
  developer: () => import('../slices/engage/engagements-page.tsx').then(screen),
  liaison: () => import('../slices/engage/engagements-page.tsx').then(screen),
  official: () => import('../slices/designate/files-page.tsx').then(screen),
};

/** A role that no home was made for can still read the record and its own account. */
const otherHome: Open = () => import('../slices/record/audit-page.tsx').then(screen);

/** Every screen there is; each comes as its own file when it is first opened. */
export const places: readonly Place[] = [
  { pattern: patterns.home, audience: 'members', needs: null, open: (me) => homeOf(me)() },
  member(
    patterns.cases,
    () => import('../slices/coordinate/case-list-page.tsx').then(screen),
    'coordinate.list',
  ),
  member(
    patterns.case,
    () => import('../slices/coordinate/case-page.tsx').then(screen),
    'coordinate.get',
  ),
  member(
    patterns.inbox,
    () => import('../slices/coordinate/inbox-page.tsx').then(screen),
    'coordinate.inbox',
  ),
  member(
    patterns.pace,
    () => import('../slices/coordinate/pace-page.tsx').then(screen),
    'coordinate.pace',
  ),
  member(
    patterns.findings,
    () => import('../slices/collect/findings-page.tsx').then(screen),
    'collect.list-mine',
  ),
  member(
    patterns.submit,
    () => import('../slices/collect/submit-page.tsx').then(screen),
    'collect.submit',
  ),
  member(
    patterns.claims,
    () => import('../slices/deconflict/claims-page.tsx').then(screen),
    'deconflict.list-claims',
  ),
  member(
    patterns.claim,
    () => import('../slices/deconflict/claim-page.tsx').then(screen),
    'deconflict.claim',
  ),
  member(
    patterns.coverage,
    () => import('../slices/deconflict/coverage-page.tsx').then(screen),
    'deconflict.map',
  ),
  member(
    patterns.conflicts,
    () => import('../slices/deconflict/conflicts-page.tsx').then(screen),
    'deconflict.watch-claims',
  ),
  member(
    patterns.targets,
    () => import('../slices/deconflict/targets-page.tsx').then(screen),
    'deconflict.controls',
  ),
  member(
    patterns.target,
    () => import('../slices/deconflict/target-page.tsx').then(screen),
    'deconflict.control',
  ),
  anybody(patterns.precheck, () => import('../slices/deconflict/precheck-page.tsx').then(screen)),
  member(
    patterns.notices,
    () => import('../slices/distribute/notices-page.tsx').then(screen),
    'distribute.list-notices',
  ),
  member(
    patterns.notice,
    () => import('../slices/distribute/notice-page.tsx').then(screen),
    'distribute.notice',
  ),
  member(
    patterns.inventories,
    () => import('../slices/distribute/inventories-page.tsx').then(screen),
    'distribute.list-inventories',
  ),
  anybody(patterns.help, () => import('../slices/distribute/help-page.tsx').then(screen)),
  anybody(patterns.advisories, () =>
    import('../slices/distribute/advisories-page.tsx').then(screen),
  ),
  anybody(patterns.advisory, () => import('../slices/distribute/advisory-page.tsx').then(screen)),
  anybody(patterns.benchmark, () => import('../slices/benchmark/benchmark-page.tsx').then(screen)),
  member(
    patterns.suites,
    () => import('../slices/evaluate/suites-page.tsx').then(screen),
    'benchmark.suites',
  ),
  member(
    patterns.sealSuite,
    () => import('../slices/evaluate/seal-suite-page.tsx').then(screen),
    'benchmark.seal',
  ),
  member(
    patterns.suite,
    () => import('../slices/evaluate/suite-page.tsx').then(screen),
    'benchmark.suite',
  ),
  member(
    patterns.compare,
    () => import('../slices/evaluate/compare-page.tsx').then(screen),
    'benchmark.samples',
  ),
  member(
    patterns.item,
    () => import('../slices/evaluate/item-page.tsx').then(screen),
    'benchmark.item',
  ),
  member(
    patterns.runs,
    () => import('../slices/evaluate/runs-page.tsx').then(screen),
    'benchmark.runs',
  ),
  member(
    patterns.beginRun,
    () => import('../slices/evaluate/begin-run-page.tsx').then(screen),
    'benchmark.begin-run',
  ),
  member(
    patterns.run,
    () => import('../slices/evaluate/run-page.tsx').then(screen),
    'benchmark.get-run',
  ),
  member(
    patterns.review,
    () => import('../slices/evaluate/review-page.tsx').then(screen),
    'benchmark.review',
  ),
  member(
    patterns.sample,
    () => import('../slices/evaluate/sample-page.tsx').then(screen),
    'benchmark.sample',
  ),
  member(
    patterns.engagements,
    () => import('../slices/engage/engagements-page.tsx').then(screen),
    'engage.list',
  ),
  member(
    patterns.openEngagement,
    () => import('../slices/engage/open-page.tsx').then(screen),
    'engage.open',
  ),
  member(
    patterns.engagement,
    () => import('../slices/engage/engagement-page.tsx').then(screen),
    'engage.get',
  ),
  member(
    patterns.terms,
    () => import('../slices/engage/terms-page.tsx').then(screen),
    'engage.terms-version',
  ),
  member(
    patterns.window,
    () => import('../slices/early-access/window-page.tsx').then(screen),
    'early-access.window',
  ),
  member(
    patterns.access,
    () => import('../slices/early-access/access-page.tsx').then(screen),
    'early-access.grants',
  ),
  member(
    patterns.grant,
    () => import('../slices/early-access/grant-page.tsx').then(screen),
    'early-access.grant',
  ),
  member(
    patterns.files,
    () => import('../slices/designate/files-page.tsx').then(screen),
    'designate.files',
  ),
  member(
    patterns.file,
    () => import('../slices/designate/file-page.tsx').then(screen),
    'designate.file',
  ),
  member(
    patterns.rules,
    () => import('../slices/designate/rules-page.tsx').then(screen),
    'designate.rules',
  ),
  anybody(patterns.beforeYouJoin, () => import('../slices/engage/before-page.tsx').then(screen)),
  anybody(patterns.partners, () => import('../slices/partners/public-page.tsx').then(screen)),
  anybody(patterns.apply, () => import('../slices/partners/apply-page.tsx').then(screen)),
  anybody(patterns.answer, () => import('../slices/partners/answer-page.tsx').then(screen)),
  member(
    patterns.applications,
    () => import('../slices/partners/desk-page.tsx').then(screen),
    'partners.applications',
  ),
  member(
    patterns.application,
    () => import('../slices/partners/application-page.tsx').then(screen),
    'partners.application',
  ),
  member(
    patterns.gatewayKeys,
    () => import('../slices/gateway/keys-page.tsx').then(screen),
    'gateway.offers',
  ),
  member(
    patterns.gatewayKey,
    () => import('../slices/gateway/key-page.tsx').then(screen),
    'gateway.key',
  ),
  member(
    patterns.gatewayRequest,
    () => import('../slices/gateway/request-page.tsx').then(screen),
    'gateway.request',
  ),
  member(
    patterns.gateway,
    () => import('../slices/gateway/gateway-page.tsx').then(screen),
    'gateway.allotments',
  ),
  anybody(patterns.record, () => import('../slices/record/audit-page.tsx').then(screen)),
  anybody(patterns.entry, () => import('../slices/record/entry-page.tsx').then(screen)),
  member(
    patterns.publish,
    () => import('../slices/coordinate/publish-page.tsx').then(screen),
    'distribute.publish',
  ),
  member(
    patterns.people,
    () => import('../slices/people/people-page.tsx').then(screen),
    'directory.list-parties',
  ),
  member(
    patterns.party,
    () => import('../slices/people/party-page.tsx').then(screen),
    'directory.list-parties',
  ),
  member(
    patterns.mail,
    () => import('../slices/session/mail-page.tsx').then(screen),
    'notify.preferences',
  ),
  member(
    patterns.leave,
    () => import('../slices/session/leave-page.tsx').then(screen),
    'directory.leave',
  ),
  member(
    patterns.recipes,
    () => import('../slices/validate/recipes-page.tsx').then(screen),
    'validate.list-recipes',
  ),
  member(patterns.account, () => import('../slices/session/account-page.tsx').then(screen)),
  anybody(patterns.signIn, () => import('../slices/session/sign-in-page.tsx').then(screen)),
  anybody(patterns.gallery, () => import('./gallery/gallery-page.tsx').then(screen)),
];

function homeOf(me: Me | null): Open {
  return homes[me?.party.role ?? ''] ?? otherHome;
}

/** A page for whoever may call `needs`; others asking for its address are shown their own home. */
function member(pattern: string, open: Open, needs: string | null = null): Place {
  const mayNot = (me: Me | null): boolean =>
    needs !== null && me?.permissions.includes(needs) !== true;
  return {
    pattern,
    audience: 'members',
    needs,
    open: (me) => (mayNot(me) ? homeOf(me)() : open()),
  };
}

function anybody(pattern: string, open: Open): Place {
  return { pattern, audience: 'anybody', needs: null, open };
}

function screen(module: { readonly screen: Screen }): Screen {
  return module.screen;
}
