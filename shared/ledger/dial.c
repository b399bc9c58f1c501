#include "ledger/dial.h"

#include "base/must.h"
#include "ledger/refusal.h"

#include <sys/time.h>

static enum err connect_to(const struct settings *settings, const struct address *to,
    redisContext **ret_context, struct faults *why)
{
    const struct timeval patience = {(time_t)(settings->redis_timeout_ms / 1000),
        (suseconds_t)(settings->redis_timeout_ms % 1000 * 1000)};
    redisContext *context = to->port ? redisConnectWithTimeout(to->host, to->port, patience)
                                     : redisConnectUnixWithTimeout(to->host, patience);
    must(context);
    if (!context->err && redisSetTimeout(context, patience) == REDIS_OK) {
        *ret_context = context;
        return OK;
    }
    enum err err = faults_add(
        why, ERR_UNAVAILABLE, "", "Redis does not answer (%s): try again", context->errstr);
    redisFree(context);
    return err;
}

static enum err ask_sentinel(
    const struct settings *settings, struct sentinels *sentinels, struct faults *why)
{
    redisContext *context = NULL;
    enum err err = connect_to(settings, sentinels_next(sentinels), &context, why);
    if (err != OK)
        return err;
    redisReply *reply =
        redisCommand(context, "SENTINEL GET-MASTER-ADDR-BY-NAME %s", sentinels->name);
    bool heard =
        reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
        sentinels_hear(sentinels, text_of(reply->element[0]->str), text_of(reply->element[1]->str));
    if (reply)
        freeReplyObject(reply);
    redisFree(context);
    return heard ? OK
                 : faults_add(why, ERR_UNAVAILABLE, "MISAQ_SENTINELS",
                       "a Sentinel knows no master named \"%s\"", sentinels->name);
}

static enum err find(
    const struct settings *settings, struct sentinels *sentinels, struct faults *why)
{
    enum err err = OK;
    for (size_t i = 0; i < sentinels->count; i++) {
        struct faults one = {0};
        err = ask_sentinel(settings, sentinels, i + 1 < sentinels->count ? &one : why);
        if (err == OK)
            break;
    }
    return err;
}

static enum err sign_in(redisContext *context, const struct settings *settings, struct faults *why)
{
    const char *words[3] = {"AUTH", settings->redis_user, settings->redis_password};
    bool named = *settings->redis_user;
    if (!*settings->redis_password)
        return OK;
    if (!named)
        words[1] = settings->redis_password;
    redisReply *reply = redisCommandArgv(context, named ? 3 : 2, words, NULL);
    if (reply && reply->type != REDIS_REPLY_ERROR) {
        freeReplyObject(reply);
        return OK;
    }
    char what[REFUSAL_SIZE];
    refusal_write(reply ? (struct text){reply->str, reply->len} : (struct text){0}, what);
    if (reply)
        freeReplyObject(reply);
    return faults_add(why, ERR_UNAVAILABLE, "", "Redis refuses: %s", what);
}

enum err dial(const struct settings *settings, struct sentinels *sentinels,
    redisContext **ret_context, struct faults *why)
{
    redisContext *context = NULL;
    enum err err = find(settings, sentinels, why);
    if (err == OK)
        err = connect_to(settings, &sentinels->master, &context, why);
    if (err != OK)
        return err;
    err = sign_in(context, settings, why);
    if (err != OK)
        redisFree(context);
    else
        *ret_context = context;
    return err;
}
