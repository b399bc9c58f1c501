/* The calls that queue: each writes its request once, as it will leave. A request that is refused
 * here is answered by the next turn like any other, so that no caller is called back from within
 * its own call. */
#include "base/must.h"
#include "ledger/resp.h"
#include "ledger/script.h"
#include "ledger/state.h"

/* Takes the scratch buffer as the bytes of a new command, unless that would be too much. */
static struct command *queue_scratch(
    struct ledger *ledger, enum command_kind kind, const char *refused)
{
    struct buf *scratch = &ledger->scratch;
    if (!refused && (scratch->full || ledger->pending_bytes + scratch->len > LEDGER_QUEUED_MAX))
        refused = "over 64 MiB wait for Redis: try again later";
    struct text bytes = {0};
    if (!refused)
        bytes = buf_as_text(scratch);
    struct command *command = command_new(kind, bytes);
    buf_clear(scratch);
    command->refused = refused;
    ledger->pending++;
    ledger->pending_bytes += command->len;
    queue_push(refused                ? &ledger->refused
               : kind == COMMAND_READ ? &ledger->reads
                                      : &ledger->writes,
        command);
    return command;
}

/* The name of a key in Redis is the prefix and the key in one word. */
static void write_key(struct ledger *ledger, struct text key)
{
    struct text prefix = text_of(ledger->keys);
    buf_printf(&ledger->scratch, "$%zu\r\n", prefix.len + key.len);
    buf_text(&ledger->scratch, prefix);
    buf_text(&ledger->scratch, key);
    buf_add(&ledger->scratch, "\r\n", 2);
}

static uint64_t events_of(const struct ledger_append *append, struct text subject)
{
    uint64_t events = 0;
    for (size_t i = 0; i < append->event_count; i++)
        events += text_equal(append->events[i].subject, subject);
    return events;
}

void ledger_append(
    struct ledger *ledger, const struct ledger_append *append, ledger_on_result *done, void *owner)
{
    struct buf *out = &ledger->scratch;
    size_t subjects = append->expectation_count, covered = 0;
    must(append->key.len && append->event_count);
    const char *refused =
        subjects > LEDGER_SUBJECTS_MAX ? "one append touches too many subjects" : NULL;
    if (!refused) {
        resp_begin(out, 10 + 3 * subjects + append->event_count, "FCALL " SCRIPT_APPEND " 3");
        resp_text(out, text_of(ledger->stream));
        resp_text(out, text_of(ledger->versions));
        write_key(ledger, append->key);
        resp_text(out, append->fingerprint);
        resp_whole(out, ledger->key_s);
        resp_text(out, append->answer);
        resp_whole(out, subjects);
        for (size_t i = 0; i < subjects; i++) {
            const struct ledger_expectation *expected = &append->expectations[i];
            uint64_t events = events_of(append, expected->subject);
            must(expected->subject.len && expected->subject.at[0] != '~');
            resp_text(out, expected->subject);
            resp_whole(out, expected->version);
            resp_whole(out, events);
            covered += events;
        }
        must(covered == append->event_count); /* every event's subject is expected, once */
        for (size_t i = 0; i < append->event_count; i++)
            resp_text(out, append->events[i].packed);
    }
    struct command *command = queue_scratch(ledger, COMMAND_APPEND, refused);
    command->result = done;
    command->owner = owner;
    command->events = append->event_count;
}

void ledger_recall(struct ledger *ledger, struct text key, struct text fingerprint,
    ledger_on_result *done, void *owner)
{
    must(key.len);
    resp_begin(&ledger->scratch, 5, "FCALL_RO " SCRIPT_RECALL " 1");
    write_key(ledger, key);
    resp_text(&ledger->scratch, fingerprint);
    struct command *command = queue_scratch(ledger, COMMAND_RECALL, NULL);
    command->result = done;
    command->owner = owner;
}

void ledger_read(struct ledger *ledger, uint64_t first, uint64_t last, size_t most,
    ledger_on_page *done, void *owner)
{
    must(first && most);
    resp_begin(&ledger->scratch, 6, "XRANGE");
    resp_text(&ledger->scratch, text_of(ledger->stream));
    resp_whole(&ledger->scratch, first);
    resp_whole(&ledger->scratch, last);
    resp_text(&ledger->scratch, TEXT_LITERAL("COUNT"));
    resp_whole(&ledger->scratch, most);
    struct command *command = queue_scratch(ledger, COMMAND_READ, NULL);
    command->page = done;
    command->owner = owner;
    command->first = first;
}
