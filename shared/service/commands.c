/* A command: decided on the state, appended, or refused. A refusal may be the echo of the command's
 * own success (a repeated `create` finds what it made): the ledger is asked first whether the key
 * is known, and if it is, the first answer is given again. */
#include "service/runtime.h"

#include "base/log.h"
#include "base/must.h"

static void recalled(void *owner, const struct ledger_result *result)
{
    struct work *work = owner;
    work->calls--;
    if (!work->message) {
        work_end(work);
        return;
    }
    switch (result->outcome) {
    case LEDGER_UNKNOWN_KEY:
        work_send_refusal(work);
        return;
    case LEDGER_SEEN:
        if (append_read_receipt(work, result)) {
            work_receipt(work);
            work_end(work);
        } else
            work_fail(work, ERR_INTERNAL, "", "the stored receipt is not readable");
        return;
    case LEDGER_REUSED:
        work_fail(work, ERR_KEY_REUSED, "", "send a new key with a new request");
        return;
    case LEDGER_APPENDED:
    case LEDGER_CONFLICT:
    case LEDGER_FAILED:
    default:
        work_fail(work, ERR_UNAVAILABLE, "", "%.*s", TEXT_ARG(result->why));
    }
}

static void recall(struct work *work)
{
    struct runtime *runtime = work->runtime;
    unsigned char fingerprint[FINGERPRINT_SIZE];
    work_keep_refusal(work);
    append_fingerprint(work, fingerprint);
    append_key(work);
    work->calls++;
    work_list(work, WORK_UNDER_WAY);
    ledger_recall(runtime->ledger, buf_as_text(&runtime->key),
        (struct text){(const char *)fingerprint, sizeof fingerprint}, recalled, work);
}

static void decide(struct work *work)
{
    struct runtime *runtime = work->runtime;
    struct request request;
    const char *held = readonly_reason(runtime);
    if (held) {
        work_fail(work, ERR_READ_ONLY, "", "%s", held);
        return;
    }
    if (intake_request(work, &request) != OK) {
        work_refuse(work); /* never decided, so never appended */
        return;
    }
    decision_clear(runtime->decision);
    enum err err = intake_holder(work);
    if (err == OK)
        err = runtime->commands[work->what]->decide(
            runtime->state, &request, runtime->decision, &runtime->why);
    const char *complaint = err == OK ? decision_complaint(runtime->decision) : NULL;
    if (complaint)
        err = faults_add(&runtime->why, ERR_TOO_LARGE, "", "%s", complaint);
    if (err == OK) {
        must(runtime->why.total == 0 && decision_count(runtime->decision) > 0);
        work->decided_ms = request.now_ms;
        append_decision(work);
        return;
    }
    if (runtime->why.total == 0)
        (void)faults_add(&runtime->why, err, "", "%s", err_sentence(err));
    recall(work);
}

void command_begin(struct work *work)
{
    if (work->envelope.key.len == 0)
        work_fail(work, ERR_BAD_INPUT, "key", "a command needs an idempotency key");
    else if (work->envelope.at.at)
        work_fail(work, ERR_BAD_INPUT, "at", "the past cannot be changed");
    else
        decide(work);
}

static bool may_go_on(const struct work *work)
{
    const struct subjects *subjects = work->runtime->subjects;
    if (work->wants_newer)
        return subjects_version(subjects, work->blocker) > work->newer_than;
    return !subjects_busy(subjects, work->blocker);
}

void command_turn(struct runtime *runtime)
{
    for (struct work *work = runtime->lists[WORK_SETTLING], *next; work; work = next) {
        next = work->next;
        append_settle(work);
    }
    if (!runtime->freed)
        return;
    runtime->freed = false;
    for (struct work *work = runtime->lists[WORK_WAITING], *next; work; work = next) {
        next = work->next;
        if (may_go_on(work))
            decide(work);
    }
}
