/* Programs of others as a second opinion: what Node and OpenSSL make of our bytes. Where they are
 * not installed a test says so and goes on. */
#ifndef MISAQ_TESTS_PROGRAM_H
#define MISAQ_TESTS_PROGRAM_H

#include "base/buf.h"

/* Runs words[0] (looked for in PATH; NULL ends the words) with `input` as its input and appends
 * what it writes. Its exit code, or -1 when there is no such program, which is printed. */
int program_run(const char *const words[], struct text input, struct buf *ret_output);

#endif
