#include "unescape.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

size_t unescape(const char *in, size_t size, char *out)
{
    size_t written = 0;
    for (size_t at = 0; at < size; at++) {
        char c = in[at];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = digit(in[at + 1]);
            int low = digit(in[at + 2]);
            if (high >= 0 && low >= 0) {
                c = (char)(high << 4 | low);
                at += 2;
            }
        }
        out[written++] = c;
    }
    return written;
}
