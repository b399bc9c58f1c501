/* Whether Redis keeps what it acknowledges. Asked before the first append on every connection and
 * once a second: a Redis that was started with other settings answers just as fast, and loses
 * what it said was safe. */
#include "ledger/refusal.h"
#include "ledger/resp.h"
#include "ledger/script.h"
#include "ledger/state.h"

#include <stdarg.h>
#include <stdio.h>

#define CHECK_EVERY_US UINT64_C(1000000)

static void send_own(struct ledger *ledger, enum command_kind kind)
{
    struct command *command = command_new(kind, buf_as_text(&ledger->scratch));
    link_send(&ledger->link, command, ledger->now_us);
    buf_clear(&ledger->scratch);
}

static void ask(struct ledger *ledger, enum command_kind kind, size_t words, const char *request)
{
    resp_begin(&ledger->scratch, words, request);
    send_own(ledger, kind);
}

static void check(struct ledger *ledger)
{
    ledger->checking = true;
    ledger->fresh = (struct ledger_health){.head = ledger->health.head};
    ask(ledger, COMMAND_CONFIG, 6,
        "CONFIG GET appendonly appendfsync maxmemory-policy min-replicas-to-write");
    ask(ledger, COMMAND_INFO, 3, "INFO persistence replication");
    resp_begin(&ledger->scratch, 5, "FCALL_RO " SCRIPT_HEAD " 2");
    resp_text(&ledger->scratch, text_of(ledger->stream));
    resp_text(&ledger->scratch, text_of(ledger->versions));
    send_own(ledger, COMMAND_HEAD);
    if (ledger->replicas)
        health_wait(ledger);
}

void health_seek(struct ledger *ledger)
{
    ledger->set_up = false;
    resp_begin(&ledger->scratch, 3, "SENTINEL GET-MASTER-ADDR-BY-NAME");
    resp_text(&ledger->scratch, text_of(ledger->sentinels.name));
    send_own(ledger, COMMAND_MASTER);
}

void health_wait(struct ledger *ledger)
{
    ledger->waits++;
    resp_begin(&ledger->scratch, 3, "WAIT");
    resp_whole(&ledger->scratch, ledger->replicas);
    resp_whole(&ledger->scratch, ledger->link.timeout_us / 1000 / 2);
    send_own(ledger, COMMAND_WAIT);
}

void health_set_up(struct ledger *ledger)
{
    ledger->set_up = false;
    if (*ledger->password) {
        resp_begin(&ledger->scratch, *ledger->user ? 3 : 2, "AUTH");
        if (*ledger->user)
            resp_text(&ledger->scratch, text_of(ledger->user));
        resp_text(&ledger->scratch, text_of(ledger->password));
        send_own(ledger, COMMAND_SIGN_IN);
    }
    ask(ledger, COMMAND_LIST, 5, "FUNCTION LIST LIBRARYNAME " SCRIPT_LIBRARY " WITHCODE");
}

void health_refresh(struct ledger *ledger)
{
    if (ledger->set_up && !ledger->checking && ledger->now_us >= ledger->check_at_us)
        check(ledger);
}

void health_lost(struct ledger *ledger)
{
    ledger->set_up = ledger->checking = ledger->headed = false;
    ledger->health.ok = false;
    (void)snprintf(ledger->health.why, sizeof ledger->health.why, "%s", ledger->link.why);
}

/* The first thing that is wrong stays: it is often the cause of the others. */
PRINTF(2, 3) static void wrong(struct ledger *ledger, const char *what, ...)
{
    if (*ledger->fresh.why)
        return;
    va_list args;
    va_start(args, what);
    (void)vsnprintf(ledger->fresh.why, sizeof ledger->fresh.why, what, args);
    va_end(args);
}

/* The code of the library from the reply to FUNCTION LIST; absent when it is not loaded.
 * The reply is [[library_name, x, engine, x, functions, [...], library_code, x]]. */
static struct text loaded_code(const struct reply *reply)
{
    for (size_t i = 0; i + 1 < reply->count; i++)
        if (text_is(reply_text(reply, reply->parts[i]), "library_code"))
            return reply_text(reply, reply->parts[i + 1]);
    return (struct text){0};
}

static bool take_list(struct ledger *ledger)
{
    struct text code = loaded_code(&ledger->link.reply);
    if (!code.at) {
        resp_begin(&ledger->scratch, 3, "FUNCTION LOAD");
        resp_text(&ledger->scratch, script_code());
        send_own(ledger, COMMAND_LOAD);
        return true;
    }
    if (text_equal(code, script_code())) {
        check(ledger);
        return true;
    }
    (void)snprintf(ledger->link.why, sizeof ledger->link.why,
        "Redis holds another library %s than this program's: stop what loaded it, then say "
        "FUNCTION DELETE %s",
        SCRIPT_LIBRARY, SCRIPT_LIBRARY);
    return false;
}

static struct text configured(const struct reply *reply, const char *name)
{
    struct text value = {0};
    for (size_t i = 1; i + 1 < reply->count; i += 2)
        if (text_is(reply_text(reply, reply->parts[i]), name))
            value = reply_text(reply, reply->parts[i + 1]);
    return value;
}

static void take_config(struct ledger *ledger)
{
    static const char *const needed[][2] = {
        {"appendonly", "yes"}, {"appendfsync", "always"}, {"maxmemory-policy", "noeviction"}};
    const struct reply *reply = &ledger->link.reply;
    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++) {
        struct text value = configured(reply, needed[n][0]);
        if (!text_is(value, needed[n][1]))
            wrong(ledger, "Redis has %s %.*s, not %s: start it with docker/redis.conf",
                needed[n][0], value.len > 40 ? 40 : (int)value.len, value.at ? value.at : "unset",
                needed[n][1]);
    }
    uint64_t least = 0;
    if (!text_whole(configured(reply, "min-replicas-to-write"), UINT32_MAX, &least))
        least = 0;
    if (least < ledger->replicas)
        wrong(ledger, "Redis has min-replicas-to-write %llu, and MISAQ_REDIS_REPLICAS is %llu",
            (unsigned long long)least, (unsigned long long)ledger->replicas);
}

static void take_info(struct ledger *ledger)
{
    struct text line, rest = reply_text(&ledger->link.reply, reply_at(&ledger->link.reply, 0));
    bool master = false, written = false;
    while (rest.at) {
        line = text_cut(rest, '\n', &rest);
        master |= text_is(line, "role:master\r");
        written |= text_is(line, "aof_last_write_status:ok\r");
    }
    if (!master)
        wrong(ledger, "Redis is a replica: MISAQ_REDIS must name the master");
    if (!written)
        wrong(ledger, "Redis could not write its file: see its log, and the disk");
}

/* The check is over; where replicas must confirm, they have what it saw. */
static void conclude(struct ledger *ledger)
{
    ledger->fresh.ok = !*ledger->fresh.why;
    ledger->health = ledger->fresh;
    ledger->checking = ledger->headed = false;
    ledger->set_up = true;
    ledger->check_at_us = ledger->now_us + CHECK_EVERY_US;
    link_proved(&ledger->link);
}

static void take_head(struct ledger *ledger)
{
    struct reply_part part = reply_at(&ledger->link.reply, 0);
    uint64_t head = part.kind == REPLY_WHOLE ? (uint64_t)part.whole : 0;
    if (head < ledger->health.head)
        wrong(ledger, "the ledger ends at %llu, but %llu was there before: restore it",
            (unsigned long long)head, (unsigned long long)ledger->health.head);
    else
        ledger->fresh.head = head;
    ledger->headed = true;
    if (!ledger->replicas)
        conclude(ledger);
}

/* Everything that was replied to before is where it cannot be lost; else all of it is asked again
 * on another connection, perhaps of another master. */
static bool take_wait(struct ledger *ledger)
{
    struct reply_part part = reply_at(&ledger->link.reply, 0);
    if (part.kind != REPLY_WHOLE || (uint64_t)part.whole < ledger->replicas) {
        (void)snprintf(ledger->link.why, sizeof ledger->link.why,
            "%lld of %llu replicas of Redis at %.60s have what was written: is one down?",
            part.kind == REPLY_WHOLE ? (long long)part.whole : 0LL,
            (unsigned long long)ledger->replicas, ledger->link.to.host);
        return false;
    }
    struct queue held = ledger->held;
    ledger->held = (struct queue){0};
    ledger->waits--;
    if (ledger->headed)
        conclude(ledger);
    for (struct command *command; (command = queue_pop(&held));)
        answer_command(ledger, command, &command->held);
    return true;
}

/* The answer of a Sentinel; this connection has served. */
static void take_master(struct ledger *ledger)
{
    struct link *link = &ledger->link;
    struct text host = reply_text(&link->reply, reply_at(&link->reply, 1)),
                port = reply_text(&link->reply, reply_at(&link->reply, 2));
    ledger->found = sentinels_hear(&ledger->sentinels, host, port);
    if (ledger->found) {
        link_proved(link);
        (void)snprintf(link->why, sizeof link->why, "Redis is at %.60s:%.*s, says a Sentinel",
            ledger->sentinels.master.host, TEXT_ARG(port));
    } else
        (void)snprintf(link->why, sizeof link->why, "the Sentinel at %.60s knows no master %.60s",
            link->to.host, ledger->sentinels.name);
}

bool health_answer(struct ledger *ledger, enum command_kind kind)
{
    struct reply_part part = reply_at(&ledger->link.reply, 0);
    if (part.kind == REPLY_ERROR) {
        struct text error = reply_text(&ledger->link.reply, part);
        char why[REFUSAL_SIZE];
        refusal_write(error, why);
        bool check_failed = kind == COMMAND_CONFIG || kind == COMMAND_INFO || kind == COMMAND_HEAD;
        if (refusal_passes(error) || !check_failed) {
            (void)snprintf(ledger->link.why, sizeof ledger->link.why, "%s", why);
            return false;
        }
        wrong(ledger, "%s", why);
    }
    if (kind == COMMAND_LIST)
        return take_list(ledger);
    if (kind == COMMAND_WAIT)
        return take_wait(ledger);
    if (kind == COMMAND_MASTER) {
        take_master(ledger);
        return false;
    }
    if (kind == COMMAND_LOAD)
        check(ledger);
    else if (kind == COMMAND_CONFIG)
        take_config(ledger);
    else if (kind == COMMAND_INFO)
        take_info(ledger);
    else if (kind == COMMAND_HEAD)
        take_head(ledger);
    return true;
}
