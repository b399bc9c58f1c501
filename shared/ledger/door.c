#include "ledger/door.h"

#include "base/must.h"
#include "ledger/refusal.h"

#include <stdio.h>
#include <sys/time.h>

enum err door_open(const struct settings *settings, struct door *ret_door, struct faults *why)
{
    uint64_t port = 0;
    const char *address = settings->redis, *colon = strrchr(address, ':');
    if (address[0] != '/' && (!colon || !text_whole(text_of(colon + 1), 65535, &port) || !port))
        return faults_add(why, ERR_INVALID, "MISAQ_REDIS",
            "\"%s\" is neither host:port nor the path of a socket", address);
    *ret_door = (struct door){.settings = settings,
        .patience = {(time_t)(settings->redis_timeout_ms / 1000),
            (suseconds_t)(settings->redis_timeout_ms % 1000 * 1000)}};
    return OK;
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

static enum err dial(struct door *door, struct faults *why)
{
    const struct settings *settings = door->settings;
    char host[SETTING_WORD_SIZE];
    uint64_t port = 0;
    const char *colon = strrchr(settings->redis, ':');
    if (settings->redis[0] == '/')
        door->context = redisConnectUnixWithTimeout(settings->redis, door->patience);
    else {
        bool bracket = settings->redis[0] == '[';
        int len = (int)(colon - settings->redis) - (bracket ? 2 : 0);
        (void)snprintf(host, sizeof host, "%.*s", len, settings->redis + (bracket ? 1 : 0));
        must(text_whole(text_of(colon + 1), 65535, &port));
        door->context = redisConnectWithTimeout(host, (int)port, door->patience);
    }
    if (!door->context || door->context->err ||
        redisSetTimeout(door->context, door->patience) != REDIS_OK)
        return lost(door, why);
    if (!*settings->redis_password)
        return OK;
    struct words words;
    words_begin(&words, "AUTH");
    redisReply *reply = NULL;
    if (*settings->redis_user)
        words_add(&words, text_of(settings->redis_user));
    words_add(&words, text_of(settings->redis_password));
    enum err err = ask_now(door, &words, &reply, why);
    if (err == OK)
        freeReplyObject(reply);
    door->used = false;
    return err;
}

enum err door_ask(
    struct door *door, const struct words *words, redisReply **ret_reply, struct faults *why)
{
    struct faults first = {0};
    bool used = door->used;
    enum err err = door->context ? OK : dial(door, why);
    if (err != OK)
        return err;
    err = ask_now(door, words, ret_reply, used ? &first : why);
    if (err == OK || !used)
        return err;
    err = door->context ? OK : dial(door, why);
    return err == OK ? ask_now(door, words, ret_reply, why) : err;
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
