/* The rules of who hears of what (rules.def, who.def) as rows, so that the fold, the list of
 * hearings and the tests read the same table. */
#ifndef MISAQ_NOTIFICATIONS_RULES_H
#define MISAQ_NOTIFICATIONS_RULES_H

#include "base/buf.h"
#include "schema/messages.h"

enum who {
#define WHO(name, where, role, words) WHO_##name,
#include "who.def"
#undef WHO
    WHO_COUNT
};

/* Cases of an event, as bits: rungs of the escalation are 1 << rung. */
enum rule_case {
    CASE_ALWAYS = 1 << 0,
    CASE_CIRCLE = 1 << 16, /* a dependency that closes a circle */
    CASE_SOON = 1 << 17,   /* a reminder before the day */
    CASE_LATE = 1 << 18    /* a reminder after it */
};

struct rule {
    enum message event;
    uint32_t when; /* cases in which it counts: any of these bits */
    uint32_t who;  /* bits 1 << enum who */
    enum urgency urgency;
    /* Where it is read in full: behind "/" comes the id of what it is about, behind "=" the part of
     * it before the dot; "": told by the thing, or nowhere. */
    const char *path;
    const char *sentence;
};

size_t rules_count(void);
const struct rule *rules_at(size_t index);
/* The first row of an event; rules_count() when it has none. */
size_t rules_first(enum message event);
/* Those who hear by a row, in words. */
void rules_who(const struct rule *rule, struct buf *out);

#endif
