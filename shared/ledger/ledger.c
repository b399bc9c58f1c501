/* The turn: send what may be sent, read what came, answer it. A command is in exactly one queue
 * (writes, reads, refused, or the link's sent) until its one answer. */
#include "ledger/ledger.h"

#include "base/must.h"
#include "ledger/refusal.h"
#include "ledger/state.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define GOVERNMENT_MAX  32 /* also below, where names are made */
#define CHUNKS_PER_TURN 8

static bool is_code(const char *government)
{
    size_t len = strlen(government);
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)government[i]) && government[i] != '-')
            return false;
    return len >= 1 && len <= GOVERNMENT_MAX;
}

enum err ledger_open(
    const struct settings *settings, struct ledger **ret_ledger, struct faults *why)
{
    const char *government = settings->government;
    if (!is_code(government))
        return faults_add(why, ERR_INVALID, "MISAQ_GOVERNMENT",
            "\"%s\" is not 1 to %d letters, digits or hyphens", government, GOVERNMENT_MAX);
    if (*settings->redis_user && !*settings->redis_password)
        return faults_add(
            why, ERR_INVALID, "MISAQ_REDIS_USER", "needs MISAQ_REDIS_PASSWORD as well");
    struct ledger *ledger = calloc(1, sizeof *ledger);
    must(ledger);
    enum err err = sentinels_read(settings, &ledger->sentinels, why);
    if (err != OK) {
        free(ledger);
        return err;
    }
    link_init(&ledger->link, settings->redis_timeout_ms);
    (void)snprintf(ledger->stream, LEDGER_NAME_SIZE, "misaq:{%.32s}:ledger", government);
    (void)snprintf(ledger->versions, LEDGER_NAME_SIZE, "misaq:{%.32s}:versions", government);
    (void)snprintf(ledger->keys, LEDGER_NAME_SIZE, "misaq:{%.32s}:key:", government);
    memcpy(ledger->user, settings->redis_user, sizeof ledger->user);
    memcpy(ledger->password, settings->redis_password, sizeof ledger->password);
    ledger->key_s = settings->key_s;
    ledger->replicas = settings->redis_replicas;
    ledger->scratch = BUF(LEDGER_QUEUED_MAX);
    (void)snprintf(ledger->health.why, sizeof ledger->health.why, "Redis has not been asked yet");
    *ret_ledger = ledger;
    return OK;
}

void ledger_close(struct ledger *ledger)
{
    if (!ledger)
        return;
    must(!ledger->turning);
    link_free(&ledger->link);
    queue_free(&ledger->writes);
    queue_free(&ledger->reads);
    queue_free(&ledger->refused);
    queue_free(&ledger->held);
    buf_free(&ledger->scratch);
    page_free(&ledger->page);
    free(ledger);
}

int ledger_fd(const struct ledger *ledger)
{
    return link_fd(&ledger->link);
}

bool ledger_wants_write(const struct ledger *ledger)
{
    return ledger->link.stalled;
}

const struct ledger_health *ledger_health(const struct ledger *ledger)
{
    return &ledger->health;
}

size_t ledger_pending(const struct ledger *ledger)
{
    return ledger->pending;
}

static bool may_send(const struct ledger *ledger)
{
    return ledger->set_up && !ledger->waits &&
           (ledger->reads.head || (ledger->health.ok && ledger->writes.head));
}

int ledger_wait_ms(const struct ledger *ledger, uint64_t now_us)
{
    const struct link *link = &ledger->link;
    uint64_t until_us = UINT64_MAX;
    if (ledger->refused.head || may_send(ledger))
        return 0;
    if (!link->context)
        until_us = link->retry_at_us;
    else if (ledger->set_up && !ledger->checking)
        until_us = ledger->check_at_us;
    if (link->context && link->sent.head && link->quiet_since_us + link->timeout_us < until_us)
        until_us = link->quiet_since_us + link->timeout_us;
    if (until_us <= now_us)
        return 0;
    uint64_t wait_ms = (until_us - now_us + 999) / 1000;
    return wait_ms < 60000 ? (int)wait_ms : 60000;
}

/* Closes the connection and puts the callers' unanswered commands back in front, in their order,
 * to be sent again on the next one. */
static void drop(struct ledger *ledger)
{
    struct queue writes = {0}, reads = {0};
    link_drop(&ledger->link, ledger->now_us);
    queue_prepend(&ledger->link.sent, &ledger->held);
    ledger->waits = 0;
    for (struct command *command; (command = queue_pop(&ledger->link.sent));) {
        reply_free(&command->held);
        if (command_is_ours(command))
            command_free(command);
        else
            queue_push(command->kind == COMMAND_READ ? &reads : &writes, command);
    }
    queue_prepend(&ledger->writes, &writes);
    queue_prepend(&ledger->reads, &reads);
    health_lost(ledger);
}

static void answer_refused(struct ledger *ledger)
{
    struct queue refused = ledger->refused;
    ledger->refused = (struct queue){0};
    for (struct command *command; (command = queue_pop(&refused));)
        answer_failed(ledger, command, command->refused);
}

/* A reply too large to keep would come again after every new connection: the read that asked for
 * it is told instead. */
static void answer_too_large(struct ledger *ledger)
{
    struct command *command = queue_pop(&ledger->link.sent);
    if (command && !command_is_ours(command))
        answer_failed(ledger, command, "the reply is over 256 MiB: read smaller pages");
    else if (command)
        command_free(command);
}

/* Keeps the reply that has come with its command. */
static void hold(struct ledger *ledger)
{
    struct command *command = queue_pop(&ledger->link.sent);
    command->held = ledger->link.reply;
    reply_init(&ledger->link.reply);
    queue_push(&ledger->held, command);
}

/* Answers the command whose reply has come whole; false when the connection is to be dropped. */
static bool answer_next(struct ledger *ledger)
{
    struct link *link = &ledger->link;
    struct command *command = link->sent.head;
    struct reply_part part = reply_at(&link->reply, 0);
    if (command_is_ours(command)) {
        if (!health_answer(ledger, command->kind))
            return false;
        command_free(queue_pop(&link->sent));
    } else if (part.kind == REPLY_ERROR && refusal_passes(reply_text(&link->reply, part))) {
        refusal_write(reply_text(&link->reply, part), link->why);
        return false;
    } else if (ledger->replicas)
        hold(ledger);
    else
        answer_command(ledger, queue_pop(&link->sent), &link->reply);
    reply_clear(&link->reply);
    return true;
}

static bool receive(struct ledger *ledger)
{
    struct link *link = &ledger->link;
    bool more = true, whole = true;
    for (int i = 0; more && i < CHUNKS_PER_TURN; i++) {
        if (!link_fill(link, ledger->now_us, &more))
            return false;
        do {
            if (!link_parse(link, &whole)) {
                if (link->reply.too_large)
                    answer_too_large(ledger);
                return false;
            }
            if (whole && !answer_next(ledger))
                return false;
        } while (whole);
    }
    return true;
}

/* Where replicas must confirm, all that is queued makes a round, and the next one waits for it. */
static bool send_queued(struct ledger *ledger)
{
    if (may_send(ledger)) {
        struct command *command;
        while ((command = queue_pop(&ledger->reads)))
            link_send(&ledger->link, command, ledger->now_us);
        while (ledger->health.ok && (command = queue_pop(&ledger->writes)))
            link_send(&ledger->link, command, ledger->now_us);
        if (ledger->replicas)
            health_wait(ledger);
    }
    return link_flush(&ledger->link);
}

/* To the master; with Sentinels, to one of them first: what it says is good for one connection. */
static bool connect_next(struct ledger *ledger)
{
    struct sentinels *sentinels = &ledger->sentinels;
    bool seek = sentinels->count && !ledger->found;
    const struct address *to = seek ? sentinels_next(sentinels) : &sentinels->master;
    ledger->found = false;
    if (!link_connect(&ledger->link, to, ledger->now_us))
        return false;
    if (seek)
        health_seek(ledger);
    else
        health_set_up(ledger);
    return true;
}

static bool exchange(struct ledger *ledger)
{
    struct link *link = &ledger->link;
    if (!link->context && !connect_next(ledger))
        return false;
    health_refresh(ledger);
    if (!send_queued(ledger) || !receive(ledger) || !send_queued(ledger))
        return false;
    if (!link_is_late(link, ledger->now_us))
        return true;
    (void)snprintf(link->why, sizeof link->why, "Redis at %.60s has not answered for %llu ms",
        link->to.host, (unsigned long long)(link->timeout_us / 1000));
    return false;
}

void ledger_turn(struct ledger *ledger, uint64_t now_us)
{
    must(!ledger->turning);
    ledger->turning = true;
    ledger->now_us = now_us;
    answer_refused(ledger);
    if ((ledger->link.context || now_us >= ledger->link.retry_at_us) && !exchange(ledger))
        drop(ledger);
    ledger->turning = false;
}
