/* Sets every string of a parsed object to NULL, as a caller that forwards an absent value does. */
#include <stdio.h>
#include <stdlib.h>

#include "cJSON.h"

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) return 2;
    static char text[65536];
    size_t size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';

    cJSON *root = cJSON_Parse(text);
    if (root == NULL) return 3;
    int strings = 0;
    cJSON *item = NULL;
    cJSON_ArrayForEach(item, root)
    {
        if (!cJSON_IsString(item)) continue;
        strings++;
        cJSON_SetValuestring(item, NULL);
    }
    printf("%d strings\n", strings);
    cJSON_Delete(root);
    return 0;
}
