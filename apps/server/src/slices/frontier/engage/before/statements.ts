import type { BeforeYouJoin } from '@breakwater/contract';

/** The law as it reads here, and what this software does: one source for the page and the pack. */
export const sections: BeforeYouJoin['sections'] = [
  {
    id: 'voluntary',
    title: 'Taking part is voluntary',
    statements: [
      {
        text:
          'Nothing in the section on frontier models is to be read to create a ' +
          'mandatory governmental licensing, preclearance, or permitting requirement ' +
          'for the development, publication, release, or distribution of new AI models.',
        source: 'Executive Order 14409, Sec. 3(c)',
      },
      {
        text:
          'You come and leave when you want, without a reason. Whoever takes no part is treated ' +
          'no differently by any other function of this installation.',
        source: 'This software: rules ENG-1 and ENG-8',
      },
      {
        text:
          'Your dates are your own statement. You alone state, alter and meet them; nobody here ' +
          'can answer them.',
        source: 'This software: rule ENG-4',
      },
      {
        text:
          'Whether a model is a covered frontier model is determined by the Director of the ' +
          'National Security Agency, after consultations. It changes nothing in what you may do ' +
          'with your model.',
        source: 'Executive Order 14409, Sec. 3(a) and 3(c)',
      },
    ],
  },
  {
    id: 'shared',
    title: 'What is shared',
    statements: [
      {
        text:
          'To open an engagement: a codename, what you want of it, your time zone, and whether the ' +
          'weights are open. Dates, hosting place, contacts and endpoints come when you write them.',
        source: 'This software: rule ENG-2',
      },
      {
        text:
          'Access to a model is given for up to 30 days before you plan to release it to other ' +
          'trusted partners. The days are calendar days in your time zone, counted once for a ' +
          'model whatever its name; none at all is enough, and you end or shorten them at any time.',
        source:
          'Executive Order 14409, Sec. 3(b)(ii); counsel who drafted the order are reported to read calendar days',
      },
      {
        text:
          'Access is subject to protections of six kinds: confidentiality, cybersecurity, insider ' +
          'risk, intellectual property, use, and nondisclosure. Here no person has access before ' +
          'there are signed terms of all six and that person accepted each.',
        source: 'Executive Order 14409, Sec. 3(b)(ii); this software: rule ENG-10',
      },
    ],
  },
  {
    id: 'seen',
    title: 'Who sees it',
    statements: [
      {
        text:
          'The party you name for the Government and the parties you name beside it. Endpoints are ' +
          'seen by those you name for them and nobody else. Those who run this installation as ' +
          'coordinators see none of it, and nobody else learns that there is an engagement.',
        source: 'This software: rule ENG-3',
      },
      {
        text:
          'Texts are encrypted, each under a key of its own. Every act is an entry of a log that ' +
          'anybody can check; its entries tell an outsider nothing.',
        source: 'This software: ARCHITECTURE.md, log and content',
      },
    ],
  },
  {
    id: 'uses',
    title: 'What the law lets the Government use it for',
    statements: [
      {
        text:
          'Cyber threat indicators and defensive measures shared under the Act of 2015 may be used ' +
          'for a cybersecurity purpose; to identify a threat or a security vulnerability; against ' +
          'specific serious threats, and serious threats to a minor; and to investigate and ' +
          'prosecute offenses, among them fraud and identity theft and computer crime (18 U.S.C. ' +
          '1028 to 1030), espionage (chapter 37) and theft of trade secrets (chapter 90).',
        source: '6 U.S.C. 1504(d)(5)',
      },
      {
        text:
          'So prosecution is among the uses. In general such information is not used to regulate ' +
          'lawful activity.',
        source: '6 U.S.C. 1504(d)(5)',
      },
      {
        text:
          'Enforcement against whoever uses AI for illegal access to computers, also by agents, ' +
          'is a priority of the Attorney General.',
        source: 'Executive Order 14409, Sec. 4',
      },
      {
        text:
          'The Act speaks of indicators and measures. A vulnerability that is found may be one. ' +
          'Weights, prices, customers and release plans are none: for them your agreement counts.',
        source: '6 U.S.C. 1501 and 1504(d), as this project reads them; ask counsel',
      },
    ],
  },
  {
    id: 'kept',
    title: 'What is kept, and how long',
    statements: [
      {
        text:
          'After leaving, you can erase what you wrote: codename, hosting place, contacts, ' +
          'endpoints. Terms with their signatures are kept for both sides, and so is every entry ' +
          'of the log, which refers to texts and holds none.',
        source: 'This software: rules ENG-12 and ENG-9',
      },
      {
        text:
          'What was taken out of a model during access is owed back or destroyed, and that it was ' +
          'is attested by whoever had it.',
        source: 'This software: rule ENG-11',
      },
      {
        text:
          'Backups of an installation may hold what was erased since, until they are replaced; what ' +
          'was erased is erased again when one is restored.',
        source: 'This software: docs/operate',
      },
    ],
  },
  {
    id: 'subpoena',
    title: 'Subpoena and discovery',
    statements: [
      {
        text:
          'What is kept here can be demanded by a court or an authority, from you as well as from ' +
          'whoever runs the installation. Write facts, and no more than is needed.',
        source: 'General; raised of this order by counsel in published client alerts',
      },
      {
        text:
          'Attorneys general of 15 states demanded of AI developers in August 2026 that they ' +
          'preserve records. Before you erase anything, ask counsel whether you have to keep it.',
        source: 'Public letter of 3 August 2026, as reported',
      },
      {
        text:
          'The Act of 2015 exempts shared cyber threat indicators from the Freedom of Information ' +
          'Act, and sharing them waives no privilege, while it is in force.',
        source: '6 U.S.C. 1504(d)',
      },
    ],
  },
  {
    id: 'leaving',
    title: 'How to leave',
    statements: [
      {
        text:
          'One act: the button on the page of the engagement, or `breakwater engage leave`. No ' +
          'reason is asked, nothing has to be settled before, and no one has to agree.',
        source: 'This software: rule ENG-8',
      },
      {
        text:
          'With the same act every window ends, every grant of access is cut, and return or ' +
          'destruction is owed. You and the Government are shown the same list of it.',
        source: 'This software: rules ENG-8 and ENG-11',
      },
      {
        text: 'Stating that the model is released does the same, at any time.',
        source: 'This software: rule ENG-8',
      },
      {
        text: 'You take along everything you wrote, in open formats, before or when you leave.',
        source: 'This software: docs/rules/directory.md',
      },
    ],
  },
];
