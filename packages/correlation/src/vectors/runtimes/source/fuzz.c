#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>
int read_field(const uint8_t *d, size_t n);
__attribute__((noinline)) static void spin(volatile int *x) { for (;;) *x += 1; }
__attribute__((noinline)) static void hoard(void) { char *p = malloc(1 << 29); p[3] = 1; }
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) {
  volatile int x = 0;
  char *m = getenv("HOW");
  if (m && m[0] == 't') spin(&x);
  if (m && m[0] == 'm') hoard();
  if (m && m[0] == 'a') abort();
  if (m && m[0] == 'e') exit(3);
  if (m && m[0] == 'c') ((uint8_t *)d)[0] += 1;
  return 0;
}
