#ifndef UNESCAPE_H
#define UNESCAPE_H

#include <stddef.h>

/*
 * Decodes a field of a form: "%41" becomes "A" and "+" becomes a space.
 *
 * `in` holds exactly `size` bytes, any bytes, and no terminator. `out` has room for `size` bytes
 * and may be `in` itself. Answers how many bytes were written to `out`.
 * A percent sign that is not followed by two hexadecimal digits stands for itself, also at the end.
 */
size_t unescape(const char *in, size_t size, char *out);

#endif
