#include <stdio.h>

static int failures = 0;

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      failures++; \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
    } \
  } while (0)

#define CHECK_TEXT(actual, expected) \
  do { \
    const char *is = (actual), *should = (expected); \
    if (strcmp(is, should) != 0) { \
      failures++; \
      printf("%s:%d: %s\n  is       %s\n  expected %s\n", __FILE__, __LINE__, #actual, is, should); \
    } \
  } while (0)
