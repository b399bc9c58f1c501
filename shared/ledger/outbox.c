/* The Functions are in outbox.lua, drawn in as append.lua is (script.c). They are loaded with the
 * first call of every connection; that they are there already is no harm. */
#include "ledger/outbox.h"

#include "base/must.h"
#include "ledger/door.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PARTS        5
#define NAME_SIZE    (SETTING_WORD_SIZE + OUTBOX_TARGET_MAX + 32)
#define DIGITS_SIZE  24
#define WAITS_MOST   2880 /* first waits that the longest wait has: 8 hours of 10 seconds */
#define COUNTS       6
#define REPLY_PARKED COUNTS
#define REPLY_TOLD   (COUNTS + 1)
#define CALL(name)   "misaq_outbox_" name "_v1"

__asm__(".pushsection .rodata\n"
        "outbox_start:\n"
        ".incbin \"ledger/outbox.lua\"\n"
        "outbox_end:\n"
        ".popsection\n");

extern const char outbox_start[] __attribute__((visibility("hidden")));
extern const char outbox_end[] __attribute__((visibility("hidden")));

struct outbox {
    struct door door;
    const redisContext *loaded; /* the connection on which the Functions were loaded */
};

enum err outbox_open(
    const struct settings *settings, struct outbox **ret_outbox, struct faults *why)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    must(outbox);
    enum err err = door_open(settings, &outbox->door, why);
    if (err == OK)
        *ret_outbox = outbox;
    else
        free(outbox);
    return err;
}

void outbox_close(struct outbox *outbox)
{
    if (!outbox)
        return;
    door_close(&outbox->door);
    free(outbox);
}

/* ---- a call ---- */
struct call {
    struct words words;
    char names[PARTS][NAME_SIZE];
    char digits[OUTBOX_ADD_MOST + 8][DIGITS_SIZE];
    size_t digit_count;
};

/* how: FCALL, or FCALL_RO for what only reads. */
static void begin(const struct outbox *outbox, struct call *call, const char *how,
    const char *function, const char *target)
{
    static const char *const parts[PARTS] = {"due", "tries", "parked", "told", "state"};
    call->digit_count = 0;
    words_begin(&call->words, how);
    words_add(&call->words, text_of(function));
    words_add(&call->words, TEXT_LITERAL("5"));
    for (size_t i = 0; i < PARTS; i++) {
        int len = snprintf(call->names[i], NAME_SIZE, "misaq:{%s}:outbox:%s:%s",
            outbox->door.settings->government, target, parts[i]);
        must(len > 0 && len < NAME_SIZE);
        words_add(&call->words, (struct text){call->names[i], (size_t)len});
    }
}

static void add_whole(struct call *call, uint64_t value)
{
    must(call->digit_count < sizeof call->digits / sizeof *call->digits);
    char *digits = call->digits[call->digit_count++];
    int len = snprintf(digits, DIGITS_SIZE, "%" PRIu64, value);
    words_add(&call->words, (struct text){digits, (size_t)len});
}

static uint64_t first_wait(const struct outbox *outbox)
{
    return outbox->door.settings->retry_ms;
}

static uint64_t longest_wait(const struct outbox *outbox)
{
    return outbox->door.settings->retry_ms * WAITS_MOST;
}

static enum err load(struct outbox *outbox)
{
    static struct faults loaded; /* that they are there already */
    struct words words;
    faults_clear(&loaded);
    words_begin(&words, "FUNCTION");
    words_add(&words, TEXT_LITERAL("LOAD"));
    words_add(&words, (struct text){outbox_start, (uintptr_t)outbox_end - (uintptr_t)outbox_start});
    return door_tell(&outbox->door, &words, &loaded);
}

/* *ret_reply is of the type that is wanted, of `least` elements at least; the caller frees it. */
static enum err ask(struct outbox *outbox, const struct call *call, int type, size_t least,
    redisReply **ret_reply, struct faults *why)
{
    redisReply *reply = NULL;
    if (!outbox->door.context || outbox->loaded != outbox->door.context)
        (void)load(outbox);
    enum err err = door_ask(&outbox->door, &call->words, &reply, why);
    outbox->loaded = outbox->door.context;
    if (err != OK)
        return err;
    must(reply);
    if (reply->type != type || (type == REDIS_REPLY_ARRAY && reply->elements < least)) {
        freeReplyObject(reply);
        return faults_add(why, ERR_INTERNAL, "", "Redis gives another answer than was asked for");
    }
    *ret_reply = reply;
    return OK;
}

static enum err ask_whole(
    struct outbox *outbox, const struct call *call, uint64_t *ret_value, struct faults *why)
{
    redisReply *reply = NULL;
    enum err err = ask(outbox, call, REDIS_REPLY_INTEGER, 0, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    if (ret_value)
        *ret_value = (uint64_t)reply->integer;
    freeReplyObject(reply);
    return OK;
}

enum err outbox_add(struct outbox *outbox, const char *target, const uint64_t *positions,
    size_t count, int64_t now_ms, uint64_t *ret_left, struct faults *why)
{
    struct call call;
    must(count <= OUTBOX_ADD_MOST);
    begin(outbox, &call, "FCALL", CALL("add"), target);
    add_whole(&call, (uint64_t)now_ms);
    add_whole(&call, outbox->door.settings->outbox_most);
    for (size_t i = 0; i < count; i++)
        add_whole(&call, positions[i]);
    return ask_whole(outbox, &call, ret_left, why);
}

static uint64_t whole_of(const redisReply *reply)
{
    uint64_t value = 0;
    if (reply->type == REDIS_REPLY_INTEGER && reply->integer > 0)
        return (uint64_t)reply->integer;
    if (reply->type == REDIS_REPLY_STRING)
        (void)!text_whole((struct text){reply->str, reply->len}, INT64_MAX, &value);
    return value;
}

enum err outbox_take(struct outbox *outbox, const char *target, int64_t now_ms, size_t most,
    struct outbox_try *ret_tries, size_t *ret_count, int64_t *ret_next_ms, struct faults *why)
{
    struct call call;
    redisReply *reply = NULL;
    must(most <= OUTBOX_TAKE_MOST);
    begin(outbox, &call, "FCALL", CALL("take"), target);
    add_whole(&call, (uint64_t)now_ms);
    add_whole(&call, most);
    add_whole(&call, first_wait(outbox));
    add_whole(&call, longest_wait(outbox));
    add_whole(&call, outbox->door.settings->delivery_ms * 2);
    add_whole(&call, outbox->door.settings->retry_most);
    enum err err = ask(outbox, &call, REDIS_REPLY_ARRAY, 1, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    *ret_next_ms = (int64_t)whole_of(reply->element[0]);
    *ret_count = 0;
    for (size_t i = 1; i + 1 < reply->elements && *ret_count < most; i += 2)
        ret_tries[(*ret_count)++] = (struct outbox_try){
            whole_of(reply->element[i]), (unsigned)whole_of(reply->element[i + 1])};
    freeReplyObject(reply);
    return OK;
}

enum err outbox_delivered(struct outbox *outbox, const char *target, uint64_t position,
    struct text receipt, struct faults *why)
{
    struct call call;
    begin(outbox, &call, "FCALL", CALL("delivered"), target);
    add_whole(&call, position);
    words_add(&call.words, receipt);
    return ask_whole(outbox, &call, NULL, why);
}

enum err outbox_drop(
    struct outbox *outbox, const char *target, uint64_t position, struct faults *why)
{
    struct call call;
    begin(outbox, &call, "FCALL", CALL("drop"), target);
    add_whole(&call, position);
    return ask_whole(outbox, &call, NULL, why);
}

enum err outbox_failed(struct outbox *outbox, const char *target, uint64_t position,
    struct text receipt, int64_t now_ms, bool give_up, bool *ret_parked, struct faults *why)
{
    struct call call;
    uint64_t parked = 0;
    begin(outbox, &call, "FCALL", CALL("failed"), target);
    add_whole(&call, position);
    words_add(&call.words, receipt);
    add_whole(&call, (uint64_t)now_ms);
    add_whole(&call, first_wait(outbox));
    add_whole(&call, longest_wait(outbox));
    add_whole(&call, give_up ? 0 : outbox->door.settings->retry_most);
    enum err err = ask_whole(outbox, &call, &parked, why);
    *ret_parked = parked == 1;
    return err;
}

enum err outbox_again(struct outbox *outbox, const char *target, uint64_t wish, uint64_t from,
    uint64_t upto, int64_t now_ms, struct faults *why)
{
    struct call call;
    begin(outbox, &call, "FCALL", CALL("again"), target);
    add_whole(&call, wish);
    add_whole(&call, from);
    add_whole(&call, upto);
    add_whole(&call, (uint64_t)now_ms);
    return ask_whole(outbox, &call, NULL, why);
}

/* ---- reading ---- */
static void read_counts(const redisReply *reply, struct outbox_counts *ret_counts)
{
    uint64_t *const counts[COUNTS] = {&ret_counts->upto, &ret_counts->delivered,
        &ret_counts->failed, &ret_counts->left_out, &ret_counts->waiting, &ret_counts->parked};
    for (size_t i = 0; i < COUNTS; i++)
        *counts[i] = whole_of(reply->element[i]);
}

static void read_lists(const redisReply *reply, struct buf *arena, struct outbox_sight *ret_sight)
{
    const redisReply *parked = reply->element[REPLY_PARKED], *told = reply->element[REPLY_TOLD];
    size_t ends[OUTBOX_READ_MOST] = {0}, from = arena->len;
    for (size_t i = 0; i < parked->elements && i < OUTBOX_READ_MOST; i++)
        ret_sight->parked[ret_sight->parked_count++] = whole_of(parked->element[i]);
    for (size_t i = 0; i < told->elements && i < OUTBOX_READ_MOST; i++) {
        buf_add(arena, told->element[i]->str, told->element[i]->len);
        ends[ret_sight->receipt_count++] = arena->len;
    }
    for (size_t i = 0; i < ret_sight->receipt_count; from = ends[i++])
        ret_sight->receipts[i] = (struct text){arena->at + from, ends[i] - from};
}

static enum err ask_read(struct outbox *outbox, const char *target, size_t most, struct buf *arena,
    struct outbox_sight *ret_sight, struct faults *why)
{
    struct call call;
    redisReply *reply = NULL;
    begin(outbox, &call, "FCALL_RO", CALL("read"), target);
    add_whole(&call, most);
    add_whole(&call, most);
    enum err err = ask(outbox, &call, REDIS_REPLY_ARRAY, REPLY_TOLD + 1, &reply, why);
    if (err != OK)
        return err;
    must(reply);
    read_counts(reply, &ret_sight->counts);
    if (arena)
        read_lists(reply, arena, ret_sight);
    freeReplyObject(reply);
    return OK;
}

enum err outbox_counts(
    struct outbox *outbox, const char *target, struct outbox_counts *ret_counts, struct faults *why)
{
    struct outbox_sight sight = {0};
    enum err err = ask_read(outbox, target, 1, NULL, &sight, why);
    *ret_counts = sight.counts;
    return err;
}

enum err outbox_read(struct outbox *outbox, const char *target, struct buf *arena,
    struct outbox_sight *ret_sight, struct faults *why)
{
    *ret_sight = (struct outbox_sight){0};
    return ask_read(outbox, target, OUTBOX_READ_MOST, arena, ret_sight, why);
}
