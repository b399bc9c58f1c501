/* Everything here may be done twice (a counter that counts twice is too strict for a quarter of an
 * hour). */
#include "ledger/secrets.h"

#include "base/must.h"
#include "ledger/door.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_SIZE (SETTING_WORD_SIZE + SECRETS_NAME_MAX + 32)

struct secrets {
    struct door door;
};

enum err secrets_open(
    const struct settings *settings, struct secrets **ret_secrets, struct faults *why)
{
    struct secrets *secrets = calloc(1, sizeof *secrets);
    must(secrets);
    enum err err = door_open(settings, &secrets->door, why);
    if (err == OK)
        *ret_secrets = secrets;
    else
        free(secrets);
    return err;
}

void secrets_close(struct secrets *secrets)
{
    if (!secrets)
        return;
    door_close(&secrets->door);
    free(secrets);
}

/* A request of few words. */
static struct words words_of(const char *first)
{
    struct words words;
    words_begin(&words, first);
    return words;
}

static struct text full_name(const struct secrets *secrets, const char *name, char out[NAME_SIZE])
{
    int len =
        snprintf(out, NAME_SIZE, "misaq:{%s}:secret:%s", secrets->door.settings->government, name);
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
    words_add(&words, full_name(secrets, name, room));
    enum err err = door_ask(&secrets->door, &words, &reply, why);
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
    words_add(&words, full_name(secrets, name, room));
    words_add(&words, value);
    words_add(&words, TEXT_LITERAL("EX"));
    words_add(&words, whole_text(ttl_s, seconds));
    return door_tell(&secrets->door, &words, why);
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
    words_add(&watch, full_name(secrets, name, room));
    words_add(&set, full_name(secrets, name, room));
    words_add(&set, value);
    enum err err = door_tell(&secrets->door, &watch, why);
    secrets->door.used = false; /* from here on nothing may be sent on another connection */
    if (err == OK)
        err = secrets_get(secrets, name, &stands, &found, why);
    secrets->door.used = false;
    if (err != OK)
        return err;
    if (found != (old.at != NULL) || (found && !text_equal(buf_as_text(&stands), old))) {
        *ret_done = false;
        struct words unwatch = words_of("UNWATCH");
        return door_tell(&secrets->door, &unwatch, why);
    }
    const struct words *steps[] = {&multi, &set};
    for (size_t i = 0; err == OK && i < 2; i++) {
        err = door_tell(&secrets->door, steps[i], why);
        secrets->door.used = false;
    }
    if (err == OK)
        err = door_ask(&secrets->door, &exec, &reply, why);
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
    enum err err = door_ask(&secrets->door, words, &reply, why);
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
    words_add(&begin, full);
    words_add(&begin, step == SECRETS_ONE ? TEXT_LITERAL("0") : TEXT_LITERAL("1"));
    words_add(&begin, TEXT_LITERAL("EX"));
    words_add(&begin, whole_text(ttl_s, seconds));
    words_add(&begin, TEXT_LITERAL("NX"));
    words_add(&add, full);
    words_add(&add, step == SECRETS_ONE ? TEXT_LITERAL("1") : TEXT_LITERAL("-1"));
    words_add(&left, full);
    words_add(&end, full);
    words_add(&end, whole_text(ttl_s, seconds));
    enum err err = door_tell(&secrets->door, &begin, why);
    if (err == OK)
        err = ask_whole(secrets, &add, &read.count, why);
    if (err == OK)
        err = ask_whole(secrets, &left, &read.left_s, why);
    if (err == OK && read.left_s < 0) {
        read.left_s = (int64_t)ttl_s;
        err = door_tell(&secrets->door, &end, why);
    }
    if (err == OK)
        *ret_count = read;
    return err;
}

enum err secrets_remove(struct secrets *secrets, const char *name, struct faults *why)
{
    char room[NAME_SIZE];
    struct words words = words_of("DEL");
    words_add(&words, full_name(secrets, name, room));
    return door_tell(&secrets->door, &words, why);
}
