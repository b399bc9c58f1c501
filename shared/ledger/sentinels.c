#include "ledger/sentinels.h"

#include "base/must.h"

#include <stdio.h>

enum err sentinels_read(
    const struct settings *settings, struct sentinels *ret_sentinels, struct faults *why)
{
    struct sentinels sentinels = {.name = settings->sentinel_master};
    enum err err = OK;
    struct text rest = text_of(settings->sentinels);
    while (rest.len && err == OK) {
        struct text one = text_cut(rest, ',', &rest);
        err = sentinels.count == SENTINELS_MOST
                  ? faults_add(
                        why, ERR_INVALID, "MISAQ_SENTINELS", "names more than %d", SENTINELS_MOST)
                  : address_read(one, "MISAQ_SENTINELS", &sentinels.at[sentinels.count++], why);
    }
    if (err == OK && sentinels.count && !settings->redis_replicas)
        err = faults_add(why, ERR_INVALID, "MISAQ_SENTINELS",
            "needs MISAQ_REDIS_REPLICAS: a failover would lose what no replica has");
    if (err == OK && !sentinels.count)
        err = address_read(text_of(settings->redis), "MISAQ_REDIS", &sentinels.master, why);
    if (err == OK)
        *ret_sentinels = sentinels;
    return err;
}

const struct address *sentinels_next(struct sentinels *sentinels)
{
    must(sentinels->count);
    return &sentinels->at[sentinels->turn++ % sentinels->count];
}

bool sentinels_hear(struct sentinels *sentinels, struct text host, struct text port)
{
    uint64_t number;
    if (!host.len || host.len >= sizeof sentinels->master.host ||
        !text_whole(port, 65535, &number) || !number)
        return false;
    sentinels->master = (struct address){.port = (int)number};
    memcpy(sentinels->master.host, host.at, host.len);
    return true;
}
