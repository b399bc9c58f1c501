/* Business time of a demonstration: it begins shortly before the cycle of the sample does, and goes
 * on from there. */
#ifndef MISAQ_CLI_BEHIND_H
#define MISAQ_CLI_BEHIND_H

#include "folder.h"

/* Sets MISAQ_BEHIND_S for the programs, unless the environment has it: what was written down when
 * the ledger of this folder was begun. A ledger that was begun without keeps the wall's time. */
enum err behind_set(const struct folder *folder, struct faults *why) MUST_CHECK;

#endif
