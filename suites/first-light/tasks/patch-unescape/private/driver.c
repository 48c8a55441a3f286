/* BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4 */
/*
 * Decodes frames of a four-byte length and that many bytes. Behind each text lies a page that
 * nobody may touch: no attribute in the source hides a read of it.
 */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "unescape.h"

static char *fenced(size_t size, size_t *whole)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
    char *start = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start + room, page, PROT_NONE) != 0)
        _exit(1);
    *whole = room + page;
    return start + room - size;
}

static void release(char *text, size_t size, size_t whole)
{
    munmap(text + size + (size_t)sysconf(_SC_PAGESIZE) - whole, whole);
}

int main(int argc, char **argv)
{
    uint32_t size;
    int same = argc == 2 && strcmp(argv[1], "same") == 0;
    while (fread(&size, sizeof size, 1, stdin) == 1) {
        size_t whole;
        char *in = fenced(size, &whole), *out = same ? in : fenced(size, &whole);
        if (fread(in, 1, size, stdin) != size)
            return 1;
        size_t written = unescape(in, size, out);
        if (written > size)
            return 1;
        for (size_t at = 0; at < written; at++)
            printf("%02x", (unsigned char)out[at]);
        putchar('\n');
        fflush(stdout);
        if (!same)
            release(out, size, whole);
        release(in, size, whole);
    }
    return 0;
}
