/* misaq verify: what its parts share. */
#ifndef MISAQ_CLI_VERIFY_H
#define MISAQ_CLI_VERIFY_H

#include "options.h"

#include <stdint.h>

/* key NULL: the one in the archive. Returns what the command exits with. */
int verify_archive(
    const char *path, const char *key, const struct option_list *witnesses, int32_t zone_minutes);

/* The sums of a backup; the same. */
int verify_backup(const char *path);

#endif
