/* Which events a reader wants: by type, body and subject. Pure. */
#ifndef MISAQ_GATEWAY_FILTER_H
#define MISAQ_GATEWAY_FILTER_H

#include "base/err.h"
#include "schema/messages.h"

/* Plain bytes, so that equal filters are equal bytes; start from {0}. */
struct filter {
    uint64_t types[(MESSAGE_COUNT + 63) / 64]; /* a bit for each; none set: all */
    bool some_types;
    char body[ID_MAX + 1], subject[ID_MAX + 1]; /* "": all */
};

/* types: "target.drafted,report.certified"; absent texts mean all. Faults name the member. */
enum err filter_read(struct text types, struct text body, struct text subject,
    struct filter *ret_filter, struct faults *why) MUST_CHECK;
/* Whether anything is filtered at all. */
bool filter_narrows(const struct filter *filter);
/* body: that the subject belongs to, absent for none. MESSAGE_UNSET passes when types do not
 * matter. */
bool filter_wants(
    const struct filter *filter, enum message event, struct text subject, struct text body);

#endif
