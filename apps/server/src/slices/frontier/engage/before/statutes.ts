import type { BeforeYouJoin } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

interface Statute {
  readonly id: string;
  readonly name: string;
  readonly citation: string;
  /** The last day in force, at Washington, as far as is known here. */
  readonly until: string | null;
  readonly inForce: string;
  readonly lapsed: string;
  readonly source: string;
}

const statutes: readonly Statute[] = [
  {
    id: 'cisa-2015',
    name: 'Cybersecurity Information Sharing Act of 2015',
    citation: '6 U.S.C. 1501 to 1510',
    until: '2026-12-11',
    inForce:
      'In force. What it says of liability, antitrust, privilege and the Freedom of Information ' +
      'Act is about cyber threat indicators and defensive measures that are shared as it asks.',
    lapsed:
      'No longer in force by what is known here. Sharing is not forbidden by that, but nothing of ' +
      'what it said of liability, antitrust, privilege and the Freedom of Information Act is to be ' +
      'relied on: rely on your agreement. Whether it was extended since, ask counsel.',
    source:
      'Continuing Appropriations and Extensions Act, 2027, Sec. 2011 and 2012: extended to ' +
      '11 December 2026, after it had lapsed twice',
  },
  {
    id: 'executive-order-14409',
    name: 'Executive Order 14409, Promoting Advanced AI Innovation and Security',
    citation: '2 June 2026',
    until: null,
    inForce:
      'In force by what is known here: not found amended or revoked as of 10 October 2026. It ' +
      'creates no right or benefit enforceable at law or in equity.',
    lapsed: '',
    source: 'Executive Order 14409, Sec. 5(c)',
  },
];

const atWashington = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** ENG-13: each statute as it is on the day of `now` at Washington. */
export function statutesAt(now: Instant): BeforeYouJoin['statutes'] {
  const today = atWashington.format(new Date(now));
  return statutes.map(({ inForce: during, lapsed, until, ...named }) => {
    const inForce = until === null || today <= until;
    return { ...named, until, inForce, says: inForce ? during : lapsed };
  });
}
