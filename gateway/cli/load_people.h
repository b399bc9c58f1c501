/* The people of the sample government, put into a running system as a government would do it: two
 * administrators are founded over the bus, and post everybody else over HTTP. */
#ifndef MISAQ_CLI_LOAD_PEOPLE_H
#define MISAQ_CLI_LOAD_PEOPLE_H

#include "desk.h"

/* The two administrators; the first of them takes a seat. */
bool load_people_found(struct desk *desk, struct seat *ret_keeper) MUST_CHECK;
/* Everybody else, as far as missing; the bodies must be there. *made counts those who were. */
bool load_people(struct desk *desk, uint32_t *made) MUST_CHECK;
/* Signs the sample person in who holds a role, in a body or at the centre. */
bool load_people_seat(struct desk *desk, const char *role, struct text body, struct seat *ret_seat)
    MUST_CHECK;

#endif
