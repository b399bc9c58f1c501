/* Readers of the same kind: the same office, or the public, and the same filter. What a reader may
 * see and wants is decided once for all of them. */
#ifndef MISAQ_STREAMS_CHANNEL_H
#define MISAQ_STREAMS_CHANNEL_H

#include "facts.h"
#include "filter.h"
#include "ring.h"

#include <uthash.h>

struct reader;

/* What makes two channels one; zeroed before it is filled, as it is compared byte by byte. */
struct channel_key {
    char office[ID_MAX + 1]; /* "": the public, or a department */
    char access[ID_MAX + 1]; /* of a department; "": none */
    struct filter filter;
};

struct channel {
    UT_hash_handle hh;
    struct channel_key key;
    struct office office;
    struct reader *readers;
    size_t count;
    char (*sees)[ID_MAX + 1]; /* the bodies whose drafts it sees, where that is not all or none */
    size_t sees_count;
};

/* The one of this key, made if need be. */
struct channel *channel_find(
    struct channel **all, const struct channel_key *key, const struct facts *facts);
/* Gives up a channel without readers. */
void channel_drop(struct channel **all, struct channel *channel);
bool channel_wants(const struct channel *channel, const struct facts *facts, enum message event,
    struct text subject, struct text body);
/* Who follows whom has changed: calls `lost` with each body whose drafts are not seen any more. */
void channel_look_again(struct channel *channel, const struct facts *facts,
    void (*lost)(struct channel *channel, const char *body));

#endif
