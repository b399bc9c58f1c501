/* Guessing is slowed down, and the one whose password is guessed is not locked out: what others
 * fail at from elsewhere is not counted against a place that the person signed in from before.
 *
 *   known browser            person and browser
 *   known address            person and address, address
 *   anywhere else            person and address, address, person from anywhere unknown
 */
#ifndef MISAQ_OFFICES_THROTTLE_H
#define MISAQ_OFFICES_THROTTLE_H

#include "proof/sealing.h"
#include "tools.h"

#define THROTTLE_PLACE_MOST   5 /* failures of a person at one place */
#define THROTTLE_PLACE_S      900
#define THROTTLE_ADDRESS_MOST 30 /* failures at one address, of anybody */
#define THROTTLE_ADDRESS_S    900
#define THROTTLE_PERSON_MOST  50 /* failures of a person at unknown places */
#define THROTTLE_PERSON_S     3600
#define THROTTLE_KNOWN_S      (90 * 86400) /* a place is known so long after a sign-in */

#define THROTTLE_DEVICE_SIZE 64

struct throttle {
    struct {
        char name[SEALING_HEX_SIZE + 16];
        uint64_t seconds;
        bool of_place;
    } counted[3];
    size_t count;
    char known[SEALING_HEX_SIZE + 16]; /* under this name the address is known afterwards */
};

/* Counts an attempt before it is made, so that many at once are not more than were allowed one
 * after the other. ERR_TOO_MANY with the seconds to wait; such an attempt is not counted. address
 * and device may be absent. */
enum err throttle_enter(struct tools *tools, struct text person, struct text address,
    struct text device, int64_t now_s, struct throttle *ret_throttle, struct faults *why)
    MUST_CHECK;
/* It was the right password: takes the attempt back, and forgets the failures at this place. */
enum err throttle_leave(struct tools *tools, const struct throttle *throttle, struct faults *why)
    MUST_CHECK;
/* The mark of a browser that this person has signed in from. */
void throttle_device(
    const struct tools *tools, struct text person, int64_t now_s, char out[THROTTLE_DEVICE_SIZE]);

#endif
