/* One connection, one request at a time. A connection that was idle may have died unseen, so that a
 * request that fails on one that had worked before is sent once more on a new one: everything here
 * may be done twice (a counter that counts twice is too strict for a quarter of an hour). */
#include "ledger/secrets.h"

#include "base/must.h"
#include "ledger/refusal.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define NAME_SIZE (SETTING_WORD_SIZE + SECRETS_NAME_MAX + 32)
#define WORDS_MAX 8

struct secrets {
    const struct settings *settings;
    struct timeval patience;
    redisContext *context; /* NULL while down */
    bool used;             /* it has answered before */
};

enum err secrets_open(
    const struct settings *settings, struct secrets **ret_secrets, struct faults *why)
{
    uint64_t port = 0;
    const char *address = settings->redis, *colon = strrchr(address, ':');
    if (address[0] != '/' && (!colon || !text_whole(text_of(colon + 1), 65535, &port) || !port))
        return faults_add(why, ERR_INVALID, "MISAQ_REDIS",
            "\"%s\" is neither host:port nor the path of a socket", address);
    struct secrets *secrets = calloc(1, sizeof *secrets);
    must(secrets);
    secrets->settings = settings;
    secrets->patience = (struct timeval){(time_t)(settings->redis_timeout_ms / 1000),
        (suseconds_t)(settings->redis_timeout_ms % 1000 * 1000)};
    *ret_secrets = secrets;
    return OK;
}

static void hang_up(struct secrets *secrets)
{
    if (secrets->context)
        redisFree(secrets->context);
    secrets->context = NULL;
    secrets->used = false;
}

void secrets_close(struct secrets *secrets)
{
    if (!secrets)
        return;
    hang_up(secrets);
    free(secrets);
}

/* ---- one request ---- */
struct words {
    size_t count;
    const char *at[WORDS_MAX];
    size_t len[WORDS_MAX];
};

static struct words words_of(const char *first)
{
    return (struct words){1, {first}, {strlen(first)}};
}

static void say(struct words *words, struct text word)
{
    must(words->count < WORDS_MAX);
    words->at[words->count] = word.at ? word.at : "";
    words->len[words->count++] = word.len;
}

static enum err lost(struct secrets *secrets, struct faults *why)
{
    char what[120] = "cannot be reached";
    if (secrets->context && secrets->context->err)
        (void)snprintf(what, sizeof what, "%.100s", secrets->context->errstr);
    hang_up(secrets);
    return faults_add(
        why, ERR_UNAVAILABLE, "", "the store of passwords does not answer (%s): try again", what);
}

static enum err refused(struct secrets *secrets, const redisReply *reply, struct faults *why)
{
    char what[REFUSAL_SIZE];
    refusal_write((struct text){reply->str, (size_t)reply->len}, what);
    hang_up(secrets);
    return faults_add(why, ERR_UNAVAILABLE, "", "the store of passwords refuses: %s", what);
}

/* *ret_reply is never an error; the caller frees it. */
static enum err ask_now(
    struct secrets *secrets, const struct words *words, redisReply **ret_reply, struct faults *why)
{
    redisReply *reply =
        redisCommandArgv(secrets->context, (int)words->count, (const char **)words->at, words->len);
    if (!reply)
        return lost(secrets, why);
    if (reply->type == REDIS_REPLY_ERROR) {
        enum err err = refused(secrets, reply, why);
        freeReplyObject(reply);
        return err;
    }
    secrets->used = true;
    *ret_reply = reply;
    return OK;
}

static enum err dial(struct secrets *secrets, struct faults *why)
{
    const struct settings *settings = secrets->settings;
    char host[SETTING_WORD_SIZE];
    uint64_t port = 0;
    const char *colon = strrchr(settings->redis, ':');
    if (settings->redis[0] == '/')
        secrets->context = redisConnectUnixWithTimeout(settings->redis, secrets->patience);
    else {
        bool bracket = settings->redis[0] == '[';
        int len = (int)(colon - settings->redis) - (bracket ? 2 : 0);
        (void)snprintf(host, sizeof host, "%.*s", len, settings->redis + (bracket ? 1 : 0));
        must(text_whole(text_of(colon + 1), 65535, &port));
        secrets->context = redisConnectWithTimeout(host, (int)port, secrets->patience);
    }
    if (!secrets->context || secrets->context->err ||
        redisSetTimeout(secrets->context, secrets->patience) != REDIS_OK)
        return lost(secrets, why);
    if (!*settings->redis_password)
        return OK;
    struct words words = words_of("AUTH");
    redisReply *reply = NULL;
    if (*settings->redis_user)
        say(&words, text_of(settings->redis_user));
    say(&words, text_of(settings->redis_password));
    enum err err = ask_now(secrets, &words, &reply, why);
    if (err == OK)
        freeReplyObject(reply);
    secrets->used = false;
    return err;
}

static enum err ask(
    struct secrets *secrets, const struct words *words, redisReply **ret_reply, struct faults *why)
{
    struct faults first = {0};
    bool used = secrets->used;
    enum err err = secrets->context ? OK : dial(secrets, why);
    if (err != OK)
        return err;
    err = ask_now(secrets, words, ret_reply, used ? &first : why);
    if (err == OK || !used)
        return err;
    err = secrets->context ? OK : dial(secrets, why);
    return err == OK ? ask_now(secrets, words, ret_reply, why) : err;
}

/* Where the answer does not matter. */
static enum err tell(struct secrets *secrets, const struct words *words, struct faults *why)
{
    redisReply *reply = NULL;
    enum err err = ask(secrets, words, &reply, why);
    if (err == OK)
        freeReplyObject(reply);
    return err;
}

static struct text full_name(const struct secrets *secrets, const char *name, char out[NAME_SIZE])
{
    int len = snprintf(out, NAME_SIZE, "misaq:{%s}:secret:%s", secrets->settings->government, name);
    must(len > 0 && len < NAME_SIZE);
    return (struct text){out, (size_t)len};
}

static struct text whole_text(uint64_t value, char out[24])
{
    int len = snprintf(out, 24, "%lu", value);
    return (struct text){out, (size_t)len};
}

/* ---- what is asked ---- */
enum err secrets_get(
    struct secrets *secrets, const char *name, struct buf *out, bool *ret_found, struct faults *why)
{
    char room[NAME_SIZE];
    struct words words = words_of("GET");
    redisReply *reply = NULL;
    say(&words, full_name(secrets, name, room));
    enum err err = ask(secrets, &words, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    *ret_found = reply->type == REDIS_REPLY_STRING;
    if (*ret_found)
        buf_add(out, reply->str, (size_t)reply->len);
    freeReplyObject(reply);
    return OK;
}

enum err secrets_put(struct secrets *secrets, const char *name, struct text value, uint64_t ttl_s,
    struct faults *why)
{
    char room[NAME_SIZE], seconds[24];
    struct words words = words_of("SET");
    must(value.len <= SECRETS_VALUE_MAX);
    say(&words, full_name(secrets, name, room));
    say(&words, value);
    say(&words, TEXT_LITERAL("EX"));
    say(&words, whole_text(ttl_s, seconds));
    return tell(secrets, &words, why);
}

/* WATCH makes the EXEC do nothing when somebody else wrote after it; so does a lost connection. */
enum err secrets_swap(struct secrets *secrets, const char *name, struct text old, struct text value,
    bool *ret_done, struct faults *why)
{
    char room[NAME_SIZE];
    bool found = false;
    redisReply *reply = NULL;
    struct words watch = words_of("WATCH"), set = words_of("SET"), multi = words_of("MULTI"),
                 exec = words_of("EXEC");
    BUF_CLEANUP struct buf stands = BUF(SECRETS_VALUE_MAX);
    must(value.len <= SECRETS_VALUE_MAX);
    say(&watch, full_name(secrets, name, room));
    say(&set, full_name(secrets, name, room));
    say(&set, value);
    enum err err = tell(secrets, &watch, why);
    secrets->used = false; /* from here on nothing may be sent on another connection */
    if (err == OK)
        err = secrets_get(secrets, name, &stands, &found, why);
    secrets->used = false;
    if (err != OK)
        return err;
    if (found != (old.at != NULL) || (found && !text_equal(buf_as_text(&stands), old))) {
        *ret_done = false;
        struct words unwatch = words_of("UNWATCH");
        return tell(secrets, &unwatch, why);
    }
    const struct words *steps[] = {&multi, &set};
    for (size_t i = 0; err == OK && i < 2; i++) {
        err = tell(secrets, steps[i], why);
        secrets->used = false;
    }
    if (err == OK)
        err = ask(secrets, &exec, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    *ret_done = reply->type == REDIS_REPLY_ARRAY;
    freeReplyObject(reply);
    return OK;
}

/* The number of an answer; frees it. */
static enum err ask_whole(
    struct secrets *secrets, const struct words *words, int64_t *ret_value, struct faults *why)
{
    redisReply *reply = NULL;
    enum err err = ask(secrets, words, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    *ret_value = reply->integer;
    freeReplyObject(reply);
    return OK;
}

/* A counter that ran out between two of these requests would be left without an end: whoever counts
 * next gives it one. */
enum err secrets_count(struct secrets *secrets, const char *name, uint64_t ttl_s,
    enum secrets_step step, struct secrets_count *ret_count, struct faults *why)
{
    char room[NAME_SIZE], seconds[24];
    struct text full = full_name(secrets, name, room);
    struct words begin = words_of("SET"), add = words_of("INCRBY"), left = words_of("TTL"),
                 end = words_of("EXPIRE");
    struct secrets_count read;
    say(&begin, full);
    say(&begin, step == SECRETS_ONE ? TEXT_LITERAL("0") : TEXT_LITERAL("1"));
    say(&begin, TEXT_LITERAL("EX"));
    say(&begin, whole_text(ttl_s, seconds));
    say(&begin, TEXT_LITERAL("NX"));
    say(&add, full);
    say(&add, step == SECRETS_ONE ? TEXT_LITERAL("1") : TEXT_LITERAL("-1"));
    say(&left, full);
    say(&end, full);
    say(&end, whole_text(ttl_s, seconds));
    enum err err = tell(secrets, &begin, why);
    if (err == OK)
        err = ask_whole(secrets, &add, &read.count, why);
    if (err == OK)
        err = ask_whole(secrets, &left, &read.left_s, why);
    if (err == OK && read.left_s < 0) {
        read.left_s = (int64_t)ttl_s;
        err = tell(secrets, &end, why);
    }
    if (err == OK)
        *ret_count = read;
    return err;
}

enum err secrets_remove(struct secrets *secrets, const char *name, struct faults *why)
{
    char room[NAME_SIZE];
    struct words words = words_of("DEL");
    say(&words, full_name(secrets, name, room));
    return tell(secrets, &words, why);
}
