/* Replies become results. Whatever Redis sends, the caller gets exactly one answer. */
#include "ledger/refusal.h"
#include "ledger/state.h"

#include <stdio.h>

static void finish(struct ledger *ledger, struct command *command)
{
    ledger->pending--;
    ledger->pending_bytes -= command->len;
    command_free(command);
}

void answer_failed(struct ledger *ledger, struct command *command, const char *why)
{
    if (command->kind == COMMAND_READ)
        command->page(command->owner, NULL, 0, text_of(why));
    else
        command->result(
            command->owner, &(struct ledger_result){.outcome = LEDGER_FAILED, .why = text_of(why)});
    finish(ledger, command);
}

static void answer_read(struct ledger *ledger, struct command *command, const struct reply *reply)
{
    char why[PAGE_WHY_SIZE];
    if (!page_read(&ledger->page, reply, command->first, why)) {
        answer_failed(ledger, command, why);
        return;
    }
    command->page(command->owner, ledger->page.entries, ledger->page.count, (struct text){0});
    finish(ledger, command);
}

/* Whether parts of these kinds follow the outcome. */
static bool carries(const struct reply *reply, enum reply_kind second, enum reply_kind third)
{
    return reply->count == 2u + (second != 0) + (third != 0) &&
           (!second || reply->parts[2].kind == second) && (!third || reply->parts[3].kind == third);
}

/* Reads what append.lua returns; false when it is nothing of the kind. */
static bool read_result(const struct reply *reply, struct ledger_result *ret_result)
{
    struct reply_part top = reply_at(reply, 0), outcome = reply_at(reply, 1);
    if (top.kind != REPLY_ARRAY || outcome.kind != REPLY_WHOLE)
        return false;
    struct ledger_result result = {.outcome = (enum ledger_outcome)outcome.whole};
    switch (result.outcome) {
    case LEDGER_APPENDED:
    case LEDGER_SEEN: {
        bool seen = result.outcome == LEDGER_SEEN;
        if (!carries(reply, REPLY_WHOLE, seen ? REPLY_TEXT : 0))
            return false;
        result.first = (uint64_t)reply->parts[2].whole;
        result.answer = reply_text(reply, reply_at(reply, 3));
        break;
    }
    case LEDGER_CONFLICT:
        if (!carries(reply, REPLY_TEXT, 0))
            return false;
        result.subject = reply_text(reply, reply->parts[2]);
        break;
    case LEDGER_REUSED:
    case LEDGER_UNKNOWN_KEY:
        if (!carries(reply, 0, 0))
            return false;
        break;
    case LEDGER_FAILED:
    default:
        return false;
    }
    *ret_result = result;
    return true;
}

static void answer_result(struct ledger *ledger, struct command *command, const struct reply *reply)
{
    struct ledger_result result;
    if (!read_result(reply, &result)) {
        answer_failed(ledger, command,
            "Redis answered with something else than its Functions return: "
            "is MISAQ_REDIS really Redis?");
        return;
    }
    if (result.outcome == LEDGER_APPENDED) {
        uint64_t last = result.first + command->events - 1;
        if (last > ledger->health.head)
            ledger->health.head = last;
    }
    command->result(command->owner, &result);
    finish(ledger, command);
}

void answer_command(struct ledger *ledger, struct command *command, const struct reply *reply)
{
    struct reply_part part = reply_at(reply, 0);
    if (part.kind == REPLY_ERROR) {
        char why[REFUSAL_SIZE];
        refusal_write(reply_text(reply, part), why);
        answer_failed(ledger, command, why);
    } else if (command->kind == COMMAND_READ)
        answer_read(ledger, command, reply);
    else
        answer_result(ledger, command, reply);
}
