#include "ledger/inspect.h"

#include "base/must.h"
#include "ledger/dial.h"
#include "ledger/script.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_SIZE 64
#define PAGE      "1000"

struct inspect {
    redisContext *context;
    char prefix[NAME_SIZE];
};

#define ANSWER_CLEANUP __attribute__((cleanup(answer_free)))
static void answer_free(redisReply **reply)
{
    if (*reply)
        freeReplyObject(*reply);
}

static struct text text_in(const redisReply *reply)
{
    return (struct text){reply->str, (size_t)reply->len};
}

/* The reply if it is of that type. */
static enum err say(struct inspect *inspect, int count, const char **words, int type,
    redisReply **ret_reply, struct faults *why)
{
    redisReply *reply = redisCommandArgv(inspect->context, count, words, NULL);
    if (!reply)
        return faults_add(why, ERR_UNAVAILABLE, words[0], "Redis: %s", inspect->context->errstr);
    if (reply->type != type) {
        bool error = reply->type == REDIS_REPLY_ERROR;
        enum err err = faults_add(why, ERR_UNAVAILABLE, words[0], "Redis answered %.*s",
            error ? (int)reply->len : 8, error ? reply->str : "oddly");
        freeReplyObject(reply);
        return err;
    }
    *ret_reply = reply;
    return OK;
}

enum err inspect_open(
    const struct settings *settings, struct inspect **ret_inspect, struct faults *why)
{
    struct sentinels sentinels;
    redisContext *context = NULL;
    enum err err = sentinels_read(settings, &sentinels, why);
    if (err == OK)
        err = dial(settings, &sentinels, &context, why);
    if (err != OK)
        return err;
    struct inspect *inspect = calloc(1, sizeof *inspect);
    must(inspect);
    inspect->context = context;
    (void)snprintf(inspect->prefix, NAME_SIZE, "misaq:{%.32s}:", settings->government);
    *ret_inspect = inspect;
    return OK;
}

void inspect_close(struct inspect *inspect)
{
    if (!inspect)
        return;
    redisFree(inspect->context);
    free(inspect);
}

/* ---- the ledger ---- */

static struct text entry_in(const redisReply *item, struct text id)
{
    struct text rest, number = text_cut(id, '-', &rest);
    uint64_t position;
    const redisReply *fields = item->element[1];
    bool plain = text_whole(number, INT64_MAX, &position) && text_is(rest, "0") &&
                 fields->type == REDIS_REPLY_ARRAY && fields->elements == 2 &&
                 fields->element[0]->len == 1 && fields->element[0]->str[0] == 'e';
    return plain ? text_in(fields->element[1]) : (struct text){0};
}

enum err inspect_entries(
    struct inspect *inspect, inspect_on_entry *entry, void *owner, struct faults *why)
{
    char stream[NAME_SIZE + 16], from[NAME_SIZE] = "-";
    const char *words[] = {"XRANGE", stream, from, "+", "COUNT", PAGE};
    (void)snprintf(stream, sizeof stream, "%sledger", inspect->prefix);
    for (;;) {
        ANSWER_CLEANUP redisReply *reply = NULL;
        enum err err = say(inspect, 6, words, REDIS_REPLY_ARRAY, &reply, why);
        if (err != OK)
            return err;
        must(reply);
        if (reply->elements == 0)
            return OK;
        for (size_t i = 0; i < reply->elements; i++) {
            const redisReply *item = reply->element[i];
            if (item->type != REDIS_REPLY_ARRAY || item->elements != 2)
                return faults_add(why, ERR_UNAVAILABLE, stream, "has an entry of another form");
            struct text id = text_in(item->element[0]);
            entry(owner, id, entry_in(item, id));
            (void)snprintf(from, sizeof from, "(%.*s", TEXT_ARG(id));
        }
    }
}

/* ---- what lies beside it ---- */

enum err inspect_versions(
    struct inspect *inspect, inspect_on_pair *pair, void *owner, struct faults *why)
{
    char name[NAME_SIZE + 16];
    const char *words[] = {"HGETALL", name};
    ANSWER_CLEANUP redisReply *reply = NULL;
    (void)snprintf(name, sizeof name, "%sversions", inspect->prefix);
    enum err err = say(inspect, 2, words, REDIS_REPLY_ARRAY, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    for (size_t i = 0; i + 1 < reply->elements; i += 2)
        pair(owner, text_in(reply->element[i]), text_in(reply->element[i + 1]));
    return err;
}

static enum err tell_key(struct inspect *inspect, struct text key, inspect_on_pair *pair,
    void *owner, struct faults *why)
{
    size_t prefix = strlen(inspect->prefix);
    struct text name = {key.at + prefix, key.len - prefix};
    const char *words[] = {"GET", key.at};
    const size_t lens[] = {3, key.len};
    if (!text_starts(name, TEXT_LITERAL("key:"))) {
        pair(owner, name, (struct text){0});
        return OK;
    }
    ANSWER_CLEANUP redisReply *reply = redisCommandArgv(inspect->context, 2, words, lens);
    if (!reply)
        return faults_add(why, ERR_UNAVAILABLE, "GET", "Redis: %s", inspect->context->errstr);
    if (reply->type != REDIS_REPLY_NIL) /* it may just have run out */
        pair(owner, name, reply->type == REDIS_REPLY_STRING ? text_in(reply) : TEXT_LITERAL("?"));
    return OK;
}

enum err inspect_keys(
    struct inspect *inspect, inspect_on_pair *pair, void *owner, struct faults *why)
{
    char pattern[NAME_SIZE + 16], cursor[32] = "0";
    const char *words[] = {"SCAN", cursor, "MATCH", pattern, "COUNT", PAGE};
    (void)snprintf(pattern, sizeof pattern, "%s*", inspect->prefix);
    do {
        ANSWER_CLEANUP redisReply *reply = NULL;
        enum err err = say(inspect, 6, words, REDIS_REPLY_ARRAY, &reply, why);
        must(err != OK || reply);
        if (err == OK && reply->elements != 2)
            err = faults_add(why, ERR_UNAVAILABLE, "SCAN", "Redis answered oddly");
        for (size_t i = 0; err == OK && i < reply->element[1]->elements; i++)
            err = tell_key(inspect, text_in(reply->element[1]->element[i]), pair, owner, why);
        if (err != OK)
            return err;
        (void)snprintf(cursor, sizeof cursor, "%.*s", TEXT_ARG(text_in(reply->element[0])));
    } while (strcmp(cursor, "0") != 0);
    return OK;
}

enum err inspect_library(struct inspect *inspect, bool *ret_same, struct faults *why)
{
    const char *words[] = {"FUNCTION", "LIST", "LIBRARYNAME", SCRIPT_LIBRARY, "WITHCODE"};
    ANSWER_CLEANUP redisReply *reply = NULL;
    enum err err = say(inspect, 5, words, REDIS_REPLY_ARRAY, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    *ret_same = false;
    const redisReply *library = reply->elements == 1 ? reply->element[0] : NULL;
    for (size_t i = 0; library && i + 1 < library->elements; i += 2)
        if (text_is(text_in(library->element[i]), "library_code"))
            *ret_same = text_equal(text_in(library->element[i + 1]), script_code());
    return OK;
}
