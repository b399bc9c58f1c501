/* What a service says of itself: it answers this always, ready or not. */
#include "service/runtime.h"

#include "base/must.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define DIGEST_MAX (1024u * 1024u * 1024u)

static int64_t resident_bytes(void)
{
    char line[128] = "";
    uint64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    (void)fclose(file);
    struct text rest, total = text_cut(text_of(line), ' ', &rest);
    if (total.len == 0 || !text_whole(text_cut(rest, ' ', &rest), UINT32_MAX, &pages))
        return 0;
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static struct whole whole_of(uint64_t value)
{
    return (struct whole){(int64_t)value, true};
}

static void add_counters(const struct runtime *runtime, struct service_status *status)
{
    const uint32_t room = sizeof status->counters.at / sizeof *status->counters.at;
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++) {
        const struct counter *counter = &runtime->counters[m];
        if (!counter->calls || status->counters.head.count == room)
            continue;
        status->counters.at[status->counters.head.count++] =
            (struct message_counter){.message = text_of(message_row(m)->wire),
                .calls = whole_of(counter->calls),
                .refusals = whole_of(counter->refusals),
                .microseconds = whole_of(counter->microseconds)};
    }
    status->counters.head.given = true;
}

static void answer_status(struct work *work)
{
    struct runtime *runtime = work->runtime;
    const char *complaint = runtime_complaint(runtime);
    struct service_status status = {.service = text_of(service_name(runtime->service->id)),
        .ready = complaint ? FLAG_NO : FLAG_YES,
        .why = text_of(complaint),
        .position = whole_of(follow_position(runtime->follow)),
        .head = whole_of(follow_known_head(runtime->follow)),
        .waiting = whole_of(runtime->in_hand - 1),
        .memory = whole_of((uint64_t)resident_bytes()),
        .holes = whole_of(follow_holes(runtime->follow)),
        .conflicts = whole_of(runtime->conflicts)};
    add_counters(runtime, &status);
    reply_add(runtime->reply, service_status_record(), &status);
}

void status_digest(const struct runtime *runtime, char out[STATUS_DIGEST_SIZE])
{
    BUF_CLEANUP struct buf whole = BUF(DIGEST_MAX);
    unsigned char hash[crypto_hash_sha256_BYTES];
    runtime->service->digest(runtime->state, &whole);
    must(!whole.full);
    struct text text = buf_as_text(&whole);
    crypto_hash_sha256(hash, (const unsigned char *)text.at, text.len);
    (void)sodium_bin2hex(out, STATUS_DIGEST_SIZE, hash, sizeof hash);
}

static void answer_digest(struct work *work)
{
    struct runtime *runtime = work->runtime;
    char digest[STATUS_DIGEST_SIZE];
    status_digest(runtime, digest);
    struct service_digest line = {.service = text_of(service_name(runtime->service->id)),
        .position = whole_of(follow_position(runtime->follow)),
        .digest = text_of(digest)};
    reply_add(runtime->reply, service_digest_record(), &line);
}

void status_answer(struct work *work)
{
    struct runtime *runtime = work->runtime;
    struct request request;
    if (intake_request(work, &request) != OK) {
        work_refuse(work);
        return;
    }
    reply_empty(runtime->reply);
    if (work->what == MESSAGE_service_status)
        answer_status(work);
    else
        answer_digest(work);
    work_reply(work, runtime->reply, follow_position(runtime->follow));
}
