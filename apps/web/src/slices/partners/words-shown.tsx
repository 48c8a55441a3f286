import type { Application } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Quote, QuoteBlock } from '../../ui/quote.tsx';
import { useCriteria } from './use-criteria.ts';
import { askWords, regionName, sectorNames, sideNames, sizeNames } from './words.ts';

/** What the applicant said of itself. */
export function WordsShown({ application }: { readonly application: Application }) {
  const { words, tierName, asks, sector, size, region, helper, nominatedBy } = application;
  const said = words === null ? null : words;
  return (
    <div className="partner-words">
      <Facts
        items={[
          ['Tier', tierName === null ? 'Name erased' : <Quote key="tier" text={tierName} />],
          ['Asks for', askWords[asks][0]],
          ['Sector', sectorNames[sector]],
          ['People', sizeNames[size]],
          ['Where', regionName(region)],
          ['Sent', <Time key="sent" at={application.appliedAt} />],
          ...(helper === null ? [] : [['Helped by', helper.name] as const]),
          ...(said?.helpedBy === undefined
            ? []
            : [['Helped by', <Quote key="help" text={said.helpedBy} />] as const]),
          ...(nominatedBy === null ? [] : [['Nominated by', sideNames[nominatedBy]] as const]),
          ...(said?.contacts ?? []).map(
            ({ name, mail, phone }) =>
              [
                'Call',
                <Quote
                  key={name}
                  text={[name, phone, mail].filter((part) => part !== undefined).join(', ')}
                />,
              ] as const,
          ),
        ]}
      />
      {said === null ? (
        <p className="small soft">The rest was erased.</p>
      ) : (
        <QuoteBlock text={said.purpose} from="What it will be used for" />
      )}
      {said === null ? null : <Claims application={application} meets={said.meets} />}
    </div>
  );
}

interface ClaimsProps {
  readonly application: Application;
  readonly meets: NonNullable<Application['words']>['meets'];
}

function Claims({ application: { criteriaVersion }, meets }: ClaimsProps) {
  const criteria = useCriteria(criteriaVersion);
  return (
    <dl className="claims-met">
      {meets.map(({ criterion, how }) => (
        <div key={criterion}>
          <dt className="small soft">{criteria.get(criterion)?.words ?? criterion}</dt>
          <dd>
            <Quote text={how} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
