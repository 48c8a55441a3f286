import type {
  Application,
  GrantMissing,
  PartnerAsk,
  PartnerSector,
  PartnerSide,
  PartnerSize,
  PartnerVerdict,
} from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';
import type { Choice } from '../../ui/field.tsx';

export const sectorNames: Readonly<Record<PartnerSector, string>> = {
  chemical: 'Chemical',
  'commercial-facilities': 'Commercial facilities',
  communications: 'Communications',
  'critical-manufacturing': 'Critical manufacturing',
  dams: 'Dams',
  'defense-industrial-base': 'Defense industry',
  'emergency-services': 'Emergency services',
  energy: 'Energy',
  'financial-services': 'Banks and other finance',
  'food-and-agriculture': 'Food and agriculture',
  government: 'Government, State and local too',
  healthcare: 'Hospitals and other health care',
  'information-technology': 'Information technology',
  nuclear: 'Nuclear',
  transportation: 'Transportation',
  water: 'Water and wastewater',
  other: 'Another',
};

export const sizeNames: Readonly<Record<PartnerSize, string>> = {
  '1-9': '1 to 9',
  '10-49': '10 to 49',
  '50-249': '50 to 249',
  '250-999': '250 to 999',
  '1000-and-more': '1,000 or more',
};

/** By the postal codes of the contract; in the order of their names. */
export const regionNames: readonly Choice[] = [
  ['AL', 'Alabama'],
  ['AK', 'Alaska'],
  ['AS', 'American Samoa'],
  ['AZ', 'Arizona'],
  ['AR', 'Arkansas'],
  ['CA', 'California'],
  ['CO', 'Colorado'],
  ['CT', 'Connecticut'],
  ['DE', 'Delaware'],
  ['DC', 'District of Columbia'],
  ['FL', 'Florida'],
  ['GA', 'Georgia'],
  ['GU', 'Guam'],
  ['HI', 'Hawaii'],
  ['ID', 'Idaho'],
  ['IL', 'Illinois'],
  ['IN', 'Indiana'],
  ['IA', 'Iowa'],
  ['KS', 'Kansas'],
  ['KY', 'Kentucky'],
  ['LA', 'Louisiana'],
  ['ME', 'Maine'],
  ['MD', 'Maryland'],
  ['MA', 'Massachusetts'],
  ['MI', 'Michigan'],
  ['MN', 'Minnesota'],
  ['MS', 'Mississippi'],
  ['MO', 'Missouri'],
  ['MT', 'Montana'],
  ['NE', 'Nebraska'],
  ['NV', 'Nevada'],
  ['NH', 'New Hampshire'],
  ['NJ', 'New Jersey'],
  ['NM', 'New Mexico'],
  ['NY', 'New York'],
  ['NC', 'North Carolina'],
  ['ND', 'North Dakota'],
  ['MP', 'Northern Mariana Islands'],
  ['OH', 'Ohio'],
  ['OK', 'Oklahoma'],
  ['OR', 'Oregon'],
  ['PA', 'Pennsylvania'],
  ['PR', 'Puerto Rico'],
  ['RI', 'Rhode Island'],
  ['SC', 'South Carolina'],
  ['SD', 'South Dakota'],
  ['TN', 'Tennessee'],
  ['TX', 'Texas'],
  ['VI', 'U.S. Virgin Islands'],
  ['UT', 'Utah'],
  ['VT', 'Vermont'],
  ['VA', 'Virginia'],
  ['WA', 'Washington'],
  ['WV', 'West Virginia'],
  ['WI', 'Wisconsin'],
  ['WY', 'Wyoming'],
  ['elsewhere', 'Elsewhere'],
];

const regions = new Map<string, string>(regionNames.map(([code, name]) => [code, name]));

/** The name of a region; its code where there is none. */
export function regionName(code: string): string {
  return regions.get(code) ?? code;
}

/** What is asked for: in two words, and what it means for who asks. */
export const askWords: Readonly<Record<PartnerAsk, readonly [string, string]>> = {
  outputs: [
    'Results',
    'The model is run for you, and you get what it found in your systems. You need no staff for it.',
  ],
  'raw-access': [
    'The model itself',
    'Your own people put questions to it and are answerable for what they do with it.',
  ],
};

export const sideNames: Readonly<Record<PartnerSide | 'applicant' | 'partner', string>> = {
  government: 'The Government',
  developer: 'The developer',
  applicant: 'The applicant',
  partner: 'The partner',
};

export const verdictWords: Readonly<Record<PartnerVerdict, string>> = {
  accept: 'Accepted',
  decline: 'Declined',
};

export const standingWords: Readonly<Record<Application['standing'], readonly [string, Tone]>> = {
  waiting: ['Not answered yet', 'sea'],
  accepted: ['Accepted', 'held'],
  declined: ['Declined', 'fired'],
  appealed: ['Appealed', 'sea'],
  withdrawn: ['Withdrawn', 'plain'],
};

export const missingWords: Readonly<Record<GrantMissing, string>> = {
  'terms-not-accepted': 'The terms that stand now are not accepted yet.',
  'not-begun': 'The day from which it is given has not come.',
  'tier-over': 'The tier is over.',
  'partnership-over': 'The partnership ran out; it goes on by a new application.',
  ended: 'The partnership was ended.',
};
