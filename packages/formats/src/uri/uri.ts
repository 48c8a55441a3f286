const pathCharacter = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
const authority =
  "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*(?:\\[[0-9A-Fa-fvV:.]+\\])?(?::\\d*)?";

/** RFC 3986, 3; addresses in brackets by their characters only. */
export const uriPattern = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?://${authority}(?:/${pathCharacter}*)*` +
    `|/?(?:${pathCharacter}+(?:/${pathCharacter}*)*)?)` +
    `(?:\\?(?:${pathCharacter}|[/?])*)?(?:#(?:${pathCharacter}|[/?])*)?$`,
);

/**
 * An address with everything encoded that RFC 3986 lets no URI have, as browsers would send it;
 * what is a URI already stays as it is.
 */
export function asUri(address: string): string {
  return address
    .replace(/[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gu, (text) =>
      encodeURIComponent(text.toWellFormed()),
    )
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
}
