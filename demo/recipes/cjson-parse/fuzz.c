/* libFuzzer harness: every input is parsed by its length, as a network peer would send it. */
#include <stddef.h>
#include <stdint.h>

#include "cJSON.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cJSON_Delete(cJSON_ParseWithLength((const char *)data, size));
    return 0;
}
