/** The patterns of CSAF 2.0's schema, put together from named parts. */

const number = '(?:0|[1-9]\\d*)';
const identifier = `(?:${number}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const build = '[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*';

/** 3.1.11: an integer, or a semantic version. */
export const versionPattern = new RegExp(
  `^${number}$|^${number}\\.${number}\\.${number}` +
    `(?:-${identifier}(?:\\.${identifier})*)?(?:\\+${build})?$`,
);

/** 3.1.5: a language tag (RFC 5646), of the grandfathered ones only two. */
export const languagePattern = new RegExp(
  '^(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}(?:-[A-Za-z]{3}){0,2})?|[A-Za-z]{4,8})' +
    '(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?' +
    '(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*' +
    '(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?' +
    '|[Xx](?:-[A-Za-z0-9]{1,8})+|[Ii]-[Dd][Ee][Ff][Aa][Uu][Ll][Tt]|[Ii]-[Mm][Ii][Nn][Gg][Oo])$',
);

const quoted = '\\\\[\\\\*?!"#$%&\'()+,/:;<=>@[\\]^`{|}~]';
const attribute = `(?:(?:\\?*|\\*?)(?:[a-zA-Z0-9\\-._]|${quoted})+(?:\\?*|\\*?)|[*-])`;
const formatted =
  `cpe:2\\.3:[aho*-](?::${attribute}){5}` +
  `:(?:[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?|[*-])(?::${attribute}){4}`;

/** CPE 2.3 as a formatted string, or 2.2 as a URI (NISTIR 7695). */
export const cpePattern = new RegExp(
  `^(?:${formatted}|[c][pP][eE]:/[AHOaho]?(?::[A-Za-z0-9._\\-~%]*){0,6})$`,
);
