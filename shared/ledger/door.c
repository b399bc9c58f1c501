#include "ledger/door.h"

#include "base/must.h"
#include "ledger/refusal.h"

#include <stdio.h>

enum err door_open(const struct settings *settings, struct door *ret_door, struct faults *why)
{
    *ret_door = (struct door){.settings = settings};
    return sentinels_read(settings, &ret_door->sentinels, why);
}

static void hang_up(struct door *door)
{
    if (door->context)
        redisFree(door->context);
    door->context = NULL;
    door->used = false;
}

void door_close(struct door *door)
{
    hang_up(door);
}

void words_begin(struct words *words, const char *first)
{
    words->count = 0;
    words_add(words, text_of(first));
}

void words_add(struct words *words, struct text word)
{
    must(words->count < DOOR_WORDS_MAX);
    words->at[words->count] = word.at ? word.at : "";
    words->len[words->count++] = word.len;
}

static enum err lost(struct door *door, struct faults *why)
{
    char what[120] = "cannot be reached";
    if (door->context && door->context->err)
        (void)snprintf(what, sizeof what, "%.100s", door->context->errstr);
    hang_up(door);
    return faults_add(why, ERR_UNAVAILABLE, "", "Redis does not answer (%s): try again", what);
}

static enum err refused(struct door *door, const redisReply *reply, struct faults *why)
{
    char what[REFUSAL_SIZE];
    refusal_write((struct text){reply->str, (size_t)reply->len}, what);
    hang_up(door);
    return faults_add(why, ERR_UNAVAILABLE, "", "Redis refuses: %s", what);
}

/* *ret_reply is never an error; the caller frees it. */
static enum err ask_now(
    struct door *door, const struct words *words, redisReply **ret_reply, struct faults *why)
{
    redisReply *reply =
        redisCommandArgv(door->context, (int)words->count, (const char **)words->at, words->len);
    if (!reply)
        return lost(door, why);
    if (reply->type == REDIS_REPLY_ERROR) {
        enum err err = refused(door, reply, why);
        freeReplyObject(reply);
        return err;
    }
    door->used = true;
    *ret_reply = reply;
    return OK;
}

/* What was answered counts when the replicas have what it was answered from. */
static enum err confirm(struct door *door, struct faults *why)
{
    const struct settings *settings = door->settings;
    if (!settings->redis_replicas)
        return OK;
    redisReply *reply =
        redisCommand(door->context, "WAIT %llu %llu", (unsigned long long)settings->redis_replicas,
            (unsigned long long)(settings->redis_timeout_ms / 2));
    if (!reply)
        return lost(door, why);
    bool had =
        reply->type == REDIS_REPLY_INTEGER && reply->integer >= (long long)settings->redis_replicas;
    freeReplyObject(reply);
    if (had)
        return OK;
    hang_up(door);
    return faults_add(
        why, ERR_UNAVAILABLE, "", "no replica of Redis has confirmed the write: try again");
}

static enum err try_once(
    struct door *door, const struct words *words, redisReply **ret_reply, struct faults *why)
{
    redisReply *reply = NULL;
    enum err err = door->context ? OK : dial(door->settings, &door->sentinels, &door->context, why);
    if (err == OK)
        err = ask_now(door, words, &reply, why);
    if (err != OK)
        return err;
    err = confirm(door, why);
    if (err == OK)
        *ret_reply = reply;
    else
        freeReplyObject(reply);
    return err;
}

enum err door_ask(
    struct door *door, const struct words *words, redisReply **ret_reply, struct faults *why)
{
    struct faults first = {0};
    bool used = door->used;
    enum err err = try_once(door, words, ret_reply, used ? &first : why);
    return err == OK || !used ? err : try_once(door, words, ret_reply, why);
}

/* Where the answer does not matter. */
enum err door_tell(struct door *door, const struct words *words, struct faults *why)
{
    redisReply *reply = NULL;
    enum err err = door_ask(door, words, &reply, why);
    if (err == OK)
        freeReplyObject(reply);
    return err;
}
