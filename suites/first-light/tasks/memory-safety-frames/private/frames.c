/*
 * Reads a file of frames and prints the length and a checksum of the picture they make.
 *
 *   file:    "FRM1", then frames until the end of the file
 *   frame:   kind (1 byte), length of what follows (2 bytes, little-endian), that many bytes
 *   kind 1:  plain    the picture is these bytes
 *   kind 2:  runs     size of the picture (2 bytes), then pairs: how often, which byte
 *   kind 3:  overlay  where in the picture (2 bytes), then the bytes to put there
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct picture {
    unsigned char *bytes;
    size_t size;
};

static uint16_t number(const unsigned char *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static int renew(struct picture *picture, size_t size)
{
    free(picture->bytes);
    picture->size = 0;
    picture->bytes = calloc(1, size ? size : 1);
    if (!picture->bytes)
        return -1;
    picture->size = size;
    return 0;
}

static int plain(struct picture *picture, const unsigned char *body, uint16_t length)
{
    if (renew(picture, length) < 0)
        return -1;
    memcpy(picture->bytes, body, length);
    return 0;
}

static int runs(struct picture *picture, const unsigned char *body, uint16_t length)
{
    size_t used = 0;
    if (length < 2 || (length - 2) % 2 != 0 || renew(picture, number(body)) < 0)
        return -1;
    for (const unsigned char *pair = body + 2; pair < body + length; pair += 2) {
        if (pair[0] > picture->size - used)
            return -1;
        memset(picture->bytes + used, pair[1], pair[0]);
        used += pair[0];
    }
    return 0;
}

static int overlay(struct picture *picture, const unsigned char *body, uint16_t length)
{
    uint16_t start, end;
    if (length < 2)
        return -1;
    start = number(body);
    end = start + (length - 2);
    if (end > picture->size)
        return -1;
    memcpy(picture->bytes + start, body + 2, length - 2u);
    return 0;
}

static int read_frames(struct picture *picture, const unsigned char *data, size_t size)
{
    size_t at = 4;
    if (size >= 4 && memcmp(data, "FRM0", 4) == 0) {
        fputs("a file of the first version: please send it to us\n", stderr);
        abort(); /* on purpose: we want to see these */
    }
    if (size < 4 || memcmp(data, "FRM1", 4) != 0)
        return -1;
    while (at < size) {
        const unsigned char *body = data + at + 3;
        uint16_t length;
        int done;
        if (size - at < 3)
            return -1;
        length = number(data + at + 1);
        if (length > size - at - 3)
            return -1;
        switch (data[at]) {
        case 1: done = plain(picture, body, length); break;
        case 2: done = runs(picture, body, length); break;
        case 3: done = overlay(picture, body, length); break;
        default: done = -1;
        }
        if (done < 0)
            return -1;
        at += 3 + (size_t)length;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static unsigned char data[1 << 18];
    struct picture picture = { NULL, 0 };
    unsigned sum = 0;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) {
        fputs("usage: frames FILE\n", stderr);
        return 2;
    }
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    if (read_frames(&picture, data, size) < 0) {
        fputs("not a file of frames\n", stderr);
        free(picture.bytes);
        return 1;
    }
    for (size_t at = 0; at < picture.size; at++)
        sum = sum * 31 + picture.bytes[at];
    printf("%zu %08x\n", picture.size, sum);
    free(picture.bytes);
    return 0;
}
