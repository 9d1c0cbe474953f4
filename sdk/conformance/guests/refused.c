/* Modules that must not be loaded; each is built with one of these. */
#include "../../c/helix.h"

#ifndef WITHOUT_MANIFEST
HELIX_MANIFEST(MANIFEST);
#endif

#ifdef UNKNOWN_FUNCTION
HELIX_IMPORT(helix_from_the_future)(helix_i32 x);
#define WORK helix_from_the_future(length)
#elif defined UNKNOWN_MODULE
__attribute__((import_module("env"), import_name("helix_now"))) extern helix_i32 env_now(void *at);
#define WORK env_now((void *)8)
#elif defined WRONG_IMPORT
__attribute__((import_module("helix"), import_name("helix_now"))) extern helix_i32 wrong_now(void *at, helix_i32 more);
#define WORK wrong_now((void *)8, length)
#else
#define WORK 0
#endif

#ifdef WRONG_HANDLER
HELIX_HANDLER(helix_handle)(helix_i32 length, helix_i32 more) { return length + more; }
#elif defined WITHOUT_HANDLER
HELIX_HANDLER(other_handle)(helix_i32 length) { return length; }
#else
HELIX_HANDLER(helix_handle)(helix_i32 length) { return WORK + (length & 0); }
#endif
