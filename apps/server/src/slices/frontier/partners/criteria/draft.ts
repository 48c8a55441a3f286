import type { PartnerAsk, PartnerCriterion } from '@breakwater/contract';

const both: PartnerAsk[] = ['raw-access', 'outputs'];
const raw: PartnerAsk[] = ['raw-access'];

/**
 * What this software brings, for the liaison to publish or to change: about what an applicant
 * defends and how, and never about prices, plans, customers or whose friend it is. Asking for
 * outputs needs neither staff nor machines of one's own.
 */
export const draftCriteria: readonly PartnerCriterion[] = [
  {
    id: 'defends',
    words: 'It defends systems that others depend on, or helps those who do',
    judgedBy: 'what it says that it runs or protects, and for whom',
    shownBy: 'a description of the service in two sentences, or a public page about it',
    appliesTo: both,
  },
  {
    id: 'defensive-purpose',
    words: 'What it wants to do is to find, fix or detect weaknesses in what it may test',
    judgedBy: 'the purpose as it is written in the application',
    shownBy: 'the purpose; of systems of others, that their owners let it',
    appliesTo: both,
  },
  {
    id: 'contact',
    words: 'Somebody can be reached about security',
    judgedBy: 'whether a message to the contact is answered within three working days',
    shownBy: 'a name with a mail address or a telephone number; a helper may be the contact',
    appliesTo: both,
  },
  {
    id: 'follows-up',
    words:
      'It acts on what it learns: fixes, or passes on to who can, under coordinated disclosure',
    judgedBy: 'how it says that a finding is handled',
    shownBy: 'a sentence on who installs fixes, or its disclosure policy',
    appliesTo: both,
  },
  {
    id: 'known-people',
    words: 'Each person with access is known by name and signs in by two factors',
    judgedBy: 'how access is given, looked through and taken back',
    shownBy: 'a description of its sign-in; a list of persons before access begins',
    appliesTo: raw,
  },
  {
    id: 'safe-place',
    words: 'Access is used from machines that it manages, and what is learned is kept encrypted',
    judgedBy: 'how these machines are kept, and who else can reach them',
    shownBy: 'a description, an audit report, or a certificate it has already',
    appliesTo: raw,
  },
  {
    id: 'tells-incidents',
    words: 'It tells of a misuse or leak of access within one day',
    judgedBy: 'whether somebody is named who does so at any hour',
    shownBy: 'a name and a telephone number for day and night',
    appliesTo: raw,
  },
  {
    id: 'lawful',
    words: 'It may receive such access under the law, sanctions and export control with it',
    judgedBy: 'where it is established, and the public lists',
    shownBy: 'its legal name and place',
    appliesTo: both,
  },
];
