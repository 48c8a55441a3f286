/* Parses one cue sheet with libcue and says how many tracks it has. */
#include <stdio.h>

#include "libcue.h"

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) return 2;
    Cd *cd = cue_parse_file(file);
    fclose(file);
    if (cd == NULL) {
        puts("refused");
        return 0;
    }
    printf("tracks %d\n", cd_get_ntrack(cd));
    cd_delete(cd);
    return 0;
}
