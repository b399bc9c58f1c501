/* Ids that nobody can guess or repeat: 128 random bits as 32 lower-case hex digits. */
#ifndef MISAQ_BASE_RANDOM_H
#define MISAQ_BASE_RANDOM_H

#include "base/text.h"

#define RANDOM_ID_LEN 32
void random_id(char out[RANDOM_ID_LEN + 1]);
/* A number from 0 to below - 1 (below > 0), for back-off and the like. */
uint32_t random_below(uint32_t below);

#endif
