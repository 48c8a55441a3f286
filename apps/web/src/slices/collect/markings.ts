/** Who may be told, in words. */
export const markings = [
  ['AMBER+STRICT', 'TLP:AMBER+STRICT: only those who need it in the parties of the case'],
  ['AMBER', 'TLP:AMBER: the parties of the case and who they work for'],
  ['GREEN', 'TLP:GREEN: the community, not the public'],
  ['CLEAR', 'TLP:CLEAR: everybody'],
  ['RED', 'TLP:RED: nobody but the coordinators'],
] as const;
export type Marking = (typeof markings)[number][0];
