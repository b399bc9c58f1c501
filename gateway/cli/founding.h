/* Founding a government: its first two administrators, over the bus. */
#ifndef MISAQ_CLI_FOUNDING_H
#define MISAQ_CLI_FOUNDING_H

#include "base/settings.h"
#include "schema/schema.h"

#define FOUNDING_CODE_SIZE 48

/* Repeating it with the same people is harmless. */
enum err founding_do(const struct settings *settings, const struct government_found *people,
    struct faults *why) MUST_CHECK;
/* The one-time code of one of them, as long as it is good. */
enum err founding_code(const struct settings *settings, struct text person,
    char ret_code[FOUNDING_CODE_SIZE], struct faults *why) MUST_CHECK;

#endif
