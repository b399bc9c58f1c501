/* The part of a service that reads: its state, the index of the ledger, the follower that fills
 * both. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdlib.h>

#define SCRATCH_MAX (64u * 1024u)

static const struct {
    size_t commands, events; /* where the lists of addresses stand in the settings */
} addresses[SERVICE_COUNT] = {
#define SERVICE(name, sentence)                                                                    \
    [SERVICE_##name] = {                                                                           \
        offsetof(struct settings, name##_commands), offsetof(struct settings, name##_events)},
#include "schema/services.def"
#undef SERVICE
};

const char *runtime_commands(const struct settings *settings, enum service_id service)
{
    return (const char *)settings + addresses[service].commands;
}

const char *runtime_events(const struct settings *settings, enum service_id service)
{
    return (const char *)settings + addresses[service].events;
}

static const char *fold(void *owner, uint64_t position, struct text packed)
{
    struct runtime *runtime = owner;
    struct event event;
    enum message message;
    const char *why = folder_read(&runtime->folder, packed, &event, &message);
    if (why)
        return why;
    if (position > UINT32_MAX)
        return "it lies beyond the 4,294,967,295 events that one government may have";
    uint64_t version = subjects_add(runtime->subjects, event.subject, event.about, position);
    runtime->freed = true;
    runtime->folder.happened.position = position;
    runtime->folder.happened.version = version;
    if (runtime->service->entry)
        runtime->service->entry(runtime->state, &runtime->folder.happened);
    if (message == MESSAGE_UNSET)
        return NULL;
    why = folder_complete(&runtime->folder, position, version);
    why = why ? why : roster_apply(runtime->roster, &runtime->folder.happened);
    why = why ? why : calendar_apply(runtime->calendar, &runtime->folder.happened);
    return why ? why : runtime->service->apply(runtime->state, &runtime->folder.happened);
}

static size_t largest_carried(void)
{
    size_t largest = 0;
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++)
        if (message_row(m)->carries()->size > largest)
            largest = message_row(m)->carries()->size;
    return largest;
}

enum err runtime_open(
    struct runtime *runtime, const struct service *service, const struct settings *settings)
{
    *runtime = (struct runtime){.service = service, .settings = settings, .signal_fd = -1};
    runtime->started_us = runtime->now_us = clock_mono_us();
    runtime->next_due_us = runtime->readonly.side_at_us = UINT64_MAX;
    enum err err = ledger_open(settings, &runtime->ledger, &runtime->why);
    if (err != OK)
        return err;
    folder_open(&runtime->folder);
    runtime->subjects = subjects_new();
    runtime->roster = roster_new();
    runtime->calendar = calendar_new();
    runtime->due.next_ms = INT64_MAX;
    runtime->state = service->state_new();
    runtime->follow = follow_new(runtime->ledger, 0, fold, runtime);
    runtime->decision = decision_new();
    runtime->reply = reply_open();
    runtime->body = malloc(largest_carried());
    must(runtime->state && runtime->body);
    runtime->head = runtime->key = runtime->refusal = BUF(SCRATCH_MAX);
    for (size_t i = 0; i < service->command_count; i++)
        runtime->commands[service->commands[i].message] = &service->commands[i];
    for (size_t i = 0; i < service->query_count; i++)
        runtime->queries[service->queries[i].message] = &service->queries[i];
    for (size_t i = 0; i < service->errand_count; i++)
        runtime->orders[service->errands[i].message] = &service->errands[i];
    return OK;
}

void runtime_close(struct runtime *runtime)
{
    if (!runtime->ledger)
        return;
    errands_close(runtime->errands);
    if (runtime->side)
        runtime->service->side->close(runtime->side);
    work_free_all(runtime);
    bus_close(runtime->bus);
    ledger_close(runtime->ledger);
    follow_free(runtime->follow);
    subjects_free(runtime->subjects);
    runtime->service->state_free(runtime->state);
    roster_free(runtime->roster);
    calendar_free(runtime->calendar);
    folder_close(&runtime->folder);
    decision_free(runtime->decision);
    reply_close(runtime->reply);
    buf_free(&runtime->head);
    buf_free(&runtime->key);
    buf_free(&runtime->refusal);
    free(runtime->body);
    free(runtime->events);
    *runtime = (struct runtime){0};
}

const char *runtime_complaint(const struct runtime *runtime)
{
    const struct ledger_health *health = ledger_health(runtime->ledger);
    if (runtime->draining)
        return "the service is stopping";
    if (follow_stuck(runtime->follow))
        return follow_stuck(runtime->follow);
    if (!follow_caught_up(runtime->follow))
        return "the service is reading the ledger";
    return health->ok ? readonly_reason(runtime) : health->why;
}
