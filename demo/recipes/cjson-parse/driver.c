/* Parses one file with cJSON_ParseWithLength, from a heap block of exactly the file's size. */
#include <stdio.h>
#include <stdlib.h>

#include "cJSON.h"

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) return 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc(size > 0 ? (size_t)size : 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) return 2;
    fclose(file);

    cJSON *root = cJSON_ParseWithLength(text, (size_t)size);
    puts(root == NULL ? "refused" : "parsed");
    cJSON_Delete(root);
    free(text);
    return 0;
}
