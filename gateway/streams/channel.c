#include "channel.h"

#include "base/must.h"
#include "facts/access.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>

struct gathering {
    struct channel *channel;
    const struct facts *facts;
};

static void gather(void *owner, struct text body)
{
    struct gathering *gathering = owner;
    struct channel *channel = gathering->channel;
    if (!access_sees_drafts(gathering->facts->bodies, &channel->office, body))
        return;
    channel->sees = realloc(channel->sees, (channel->sees_count + 1) * sizeof *channel->sees);
    must(channel->sees);
    (void)snprintf(
        channel->sees[channel->sees_count++], sizeof *channel->sees, "%.*s", TEXT_ARG(body));
}

/* Only who sees by a body can lose sight of one. */
static void look(struct channel *channel, const struct facts *facts)
{
    struct gathering gathering = {channel, facts};
    if (channel->office.body.len)
        bodies_each(facts->bodies, gather, &gathering);
}

struct channel *channel_find(
    struct channel **all, const struct channel_key *key, const struct facts *facts)
{
    struct channel *channel;
    HASH_FIND(hh, *all, key, sizeof *key, channel);
    if (channel)
        return channel;
    channel = calloc(1, sizeof *channel);
    must(channel);
    channel->key = *key;
    if (*key->office)
        channel->office = office_read(text_of(channel->key.office));
    look(channel, facts);
    HASH_ADD(hh, *all, key, sizeof channel->key, channel);
    return channel;
}

void channel_drop(struct channel **all, struct channel *channel)
{
    must(!channel->count);
    HASH_DEL(*all, channel);
    free(channel->sees);
    free(channel);
}

bool channel_wants(const struct channel *channel, const struct facts *facts, enum message event,
    struct text subject, struct text body)
{
    if (!filter_wants(&channel->key.filter, event, subject, body))
        return false;
    if (!*channel->key.access)
        return shown_to(facts, &channel->office, event, subject);
    const struct department_access *access =
        departments_access(facts->departments, text_of(channel->key.access));
    return access && shown_to_department(facts, access, event, subject);
}

static bool is_among(const struct channel *channel, const char *body)
{
    for (size_t i = 0; i < channel->sees_count; i++)
        if (strcmp(channel->sees[i], body) == 0)
            return true;
    return false;
}

void channel_look_again(struct channel *channel, const struct facts *facts,
    void (*lost)(struct channel *channel, const char *body))
{
    char(*before)[ID_MAX + 1] = channel->sees;
    size_t count = channel->sees_count;
    channel->sees = NULL;
    channel->sees_count = 0;
    look(channel, facts);
    for (size_t i = 0; i < count; i++)
        if (!is_among(channel, before[i]))
            lost(channel, before[i]);
    free(before);
}
