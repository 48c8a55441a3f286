/** The versions of the Common Vulnerability Scoring System (FIRST). */
export type CvssVersion = '2.0' | '3.0' | '3.1' | '4.0';

/** One metric of a version, in the order of its specification. */
export interface Metric {
  readonly name: string;
  readonly values: readonly string[];
  readonly mandatory: boolean;
}

function table(mandatory: string, optional: string): readonly Metric[] {
  return [...rows(mandatory, true), ...rows(optional, false)];
}

function rows(text: string, mandatory: boolean): Metric[] {
  return text
    .trim()
    .split(/\s+/)
    .map((row) => {
      const [name = '', values = ''] = row.split(':');
      return { name, values: values.split(','), mandatory };
    });
}

/** CVSS 3.0 §6 and 3.1 §6 define the same metrics and values. */
const three = table(
  'AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:N,L,H I:N,L,H A:N,L,H',
  `E:X,H,F,P,U RL:X,U,W,T,O RC:X,C,R,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H
   MPR:X,N,L,H MUI:X,N,R MS:X,U,C MC:X,N,L,H MI:X,N,L,H MA:X,N,L,H`,
);

/** Every metric with its values: guide 2.0 §2.4, specifications 3.0 §6, 3.1 §6, 4.0 §7. */
export const metricsOf: Readonly<Record<CvssVersion, readonly Metric[]>> = {
  '2.0': table(
    'AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C',
    `E:U,POC,F,H,ND RL:OF,TF,W,U,ND RC:UC,UR,C,ND CDP:N,L,LM,MH,H,ND TD:N,L,M,H,ND
     CR:L,M,H,ND IR:L,M,H,ND AR:L,M,H,ND`,
  ),
  '3.0': three,
  '3.1': three,
  '4.0': table(
    `AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N
     SA:H,L,N`,
    `E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H
     MUI:X,N,P,A MVC:X,H,L,N MVI:X,H,L,N MVA:X,H,L,N MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N
     S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red`,
  ),
};
