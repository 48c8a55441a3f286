/** What a claim is for, said so that anybody can compare two of them by hand. */
export interface ModelScope {
  /** Segments below one repository; none: all of it. */
  readonly path: readonly string[];
  readonly methods: readonly ('fuzz' | 'static')[];
  /** Classes of which none lies below another; none named: all. */
  readonly weaknesses: readonly string[];
}

/** A claim as it was acknowledged, or as it is listed. */
export interface ModelClaim {
  readonly id: string;
  readonly holder: string;
  readonly scope: ModelScope;
  readonly sharing: 'alone' | 'beside';
  readonly from: number;
  /** When it ended or will, whichever is known. */
  readonly until: number;
}

/** Something asked of a server and answered, with the moments between which that was decided. */
export interface ModelAnswer {
  readonly party: string;
  readonly scope: ModelScope;
  readonly sharing: 'alone' | 'beside';
  readonly answer: 'granted' | 'beside' | 'conflict';
  readonly claim: string | null;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Whether two scopes have anything in common: every file, method and class held against each other. */
export function meet(a: ModelScope, b: ModelScope): boolean {
  const depth = Math.min(a.path.length, b.path.length);
  const isNested = a.path.slice(0, depth).join('/') === b.path.slice(0, depth).join('/');
  const method = a.methods.some((each) => b.methods.includes(each));
  const all = a.weaknesses.length === 0 || b.weaknesses.length === 0;
  return isNested && method && (all || a.weaknesses.some((each) => b.weaknesses.includes(each)));
}

type Stake = Pick<ModelClaim, 'holder' | 'scope' | 'sharing'>;

/** Whether one may not hold its own while the other holds its. */
function keepOut(a: Stake, b: Stake): boolean {
  const alone = a.sharing === 'alone' || b.sharing === 'alone';
  return a.holder !== b.holder && alone && meet(a.scope, b.scope);
}

/** Every two claims that were held at one moment although they keep each other out. */
export function doubleGrants(claims: readonly ModelClaim[]): string[] {
  const faults: string[] = [];
  for (const [i, a] of claims.entries()) {
    for (const b of claims.slice(i + 1)) {
      if (a.from < b.until && b.from < a.until && keepOut(a, b)) {
        faults.push(`${a.id} and ${b.id} were both held at ${Math.max(a.from, b.from)}`);
      }
    }
  }
  return faults;
}

/** Every answer that is not what the claims there were make of it. */
export function wrongAnswers(
  answers: readonly ModelAnswer[],
  claims: readonly ModelClaim[],
): string[] {
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  return answers.flatMap((answer): string[] => {
    const { party: holder, scope, sharing, sentAt, answeredAt } = answer;
    const named = `${answer.answer} to ${holder} at ${sentAt}`;
    const others = claims.filter((c) => c.id !== answer.claim && c.holder !== holder);
    const between = (c: ModelClaim) => c.from <= answeredAt && c.until >= sentAt;
    if (answer.answer === 'conflict') {
      const because = others.some((c) => between(c) && keepOut(c, { holder, scope, sharing }));
      return because ? [] : [`${named}: nothing stood in the way`];
    }
    const claim = byId.get(answer.claim ?? '');
    if (claim === undefined) return [`${named}: lost`];
    if (claim.holder !== holder || claim.sharing !== sharing || !same(claim.scope, scope)) {
      return [`${named}: another one is there`];
    }
    const beside = others.some(
      (c) => c.from <= claim.from && claim.from < c.until && meet(c.scope, scope),
    );
    // At the very millisecond of the grant either of two may have come first.
    const atOnce = others.some((c) => c.from === claim.from || c.until === claim.from);
    if (!atOnce && beside !== (answer.answer === 'beside')) return [`${named}: told otherwise`];
    return [];
  });
}

function same(a: ModelScope, b: ModelScope): boolean {
  const sorted = ({ path, methods, weaknesses }: ModelScope) =>
    JSON.stringify([path, methods.toSorted(), weaknesses.toSorted()]);
  return sorted(a) === sorted(b);
}
