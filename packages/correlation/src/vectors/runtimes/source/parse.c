#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <pthread.h>
#include <assert.h>
static char *kept;
__attribute__((noinline)) int read_field(char *text, int at) { return text[at]; }
__attribute__((noinline)) int parse_record(char *text, int at) { return read_field(text, at) + 1; }
__attribute__((noinline)) int deep(int n, char *p) { char pad[64]; memset(pad, n, 64); return deep(n + 1, pad) + pad[3]; }
static int shared;
static void *racer(void *x) { shared += 1; return x; }
__attribute__((noinline)) int run_command(int argc, char **argv) {
  char *text = malloc(8);
  switch (argv[1][0]) {
  case 'o': return parse_record(text, 8 + argc - 2);
  case 'u': free(text); return parse_record(text, 1);
  case 'd': free(text); free(text); return 0;
  case 'n': return parse_record(NULL, argc - 2);
  case 'r': return deep(1, text);
  case 'm': if (parse_record(text, 1) > 3) puts("x"); return 0;
  case 'i': return parse_record("a", 0) * (2147483647 - argc + 2 + atoi("9"));
  case 'l': text[0] = 0; kept = malloc(40); kept = NULL; return 0;
  case 't': { pthread_t a, b; pthread_create(&a, 0, racer, 0); pthread_create(&b, 0, racer, 0); pthread_join(a, 0); pthread_join(b, 0); return shared; }
  case 'a': assert(argc > 5); return 0;
  case 'b': return (int)(long)malloc((size_t)1 << 46);
  }
  return 0;
}
int main(int argc, char **argv) { return run_command(argc, argv); }
