#include "parcels.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "proof/sealing.h"
#include "schema/pack.h"
#include "view.h"
#include "wording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define BODY_MAX    (1u << 20)
#define SUBJECT_MAX 1024
#define ITEMS_MOST  50
#define DETAIL_MAX  200 /* of a delivery_receipt */

struct parcel {
    struct parcel *prev, *next;
    struct parcels *parcels;
    struct receiver *receiver;
    struct outbox_try begun;
    struct buf subject, body; /* of an e-mail that waits for its lines */
    uint64_t began_us;
};

static void end(struct parcel *parcel)
{
    struct parcels *parcels = parcel->parcels;
    parcel->receiver->under_way--;
    parcel->receiver->look_ms = 0;
    parcels->count[parcel->receiver->kind]--;
    DL_DELETE(parcels->all, parcel);
    buf_free(&parcel->subject);
    buf_free(&parcel->body);
    free(parcel);
}

void parcels_free(struct parcels *parcels)
{
    for (struct parcel *next, *parcel = parcels->all; parcel; parcel = next) {
        next = parcel->next;
        asks_forget(parcels->asks, parcel);
        end(parcel);
    }
}

/* ---- how it ended ---- */
static void note(const struct parcel *parcel, const struct outcome *result, bool parked)
{
    log_begin(parked ? LOG_WARN : LOG_INFO, parked ? "delivery parked" : "delivery failed");
    log_str("to", parcel->receiver->name);
    log_whole("position", (int64_t)parcel->begun.position);
    log_whole("try", parcel->begun.number);
    log_whole("status", result->status);
    log_str("why", result->detail);
    log_end();
}

static void write_receipt(
    const struct parcel *parcel, const struct outcome *result, struct buf *out)
{
    struct delivery_receipt receipt = {.position = {(int64_t)parcel->begun.position, true},
        .at = {clock_wall_ms(), true},
        .number = {parcel->begun.number, true},
        .delivered = result->delivered ? FLAG_YES : FLAG_NO,
        .status = {result->status, result->status > 0},
        .milliseconds = {(int64_t)((clock_mono_us() - parcel->began_us) / 1000), true}};
    char detail[DETAIL_MAX + 1] = "";
    if (result->detail) {
        (void)snprintf(detail, sizeof detail, "%s", result->detail);
        receipt.detail = text_of(detail);
    }
    for (char *at = detail; *at; at++) /* some of it is the other side's */
        *at = *at >= ' ' && *at <= '~' ? *at : '?';
    pack_write(delivery_receipt_record(), &receipt, out);
}

/* What cannot be written down is tried again: it is better delivered twice than never. */
static void on_done(void *owner, const struct outcome *result)
{
    static struct faults why;
    struct parcel *parcel = owner;
    struct outbox *outbox = parcel->parcels->outbox;
    const char *name = parcel->receiver->name;
    BUF_CLEANUP struct buf receipt = BUF(1024);
    bool parked = false;
    faults_clear(&why);
    write_receipt(parcel, result, &receipt);
    enum err err =
        result->delivered
            ? outbox_delivered(outbox, name, parcel->begun.position, buf_as_text(&receipt), &why)
            : outbox_failed(outbox, name, parcel->begun.position, buf_as_text(&receipt),
                  clock_wall_ms(), result->give_up, &parked, &why);
    if (!result->delivered)
        note(parcel, result, parked);
    if (err != OK)
        log_line(LOG_ERROR, "the receipt was not written", "why", why.kept[0].detail);
    end(parcel);
}

static void drop(struct parcel *parcel)
{
    static struct faults why;
    faults_clear(&why);
    if (outbox_drop(parcel->parcels->outbox, parcel->receiver->name, parcel->begun.position, &why))
        log_line(LOG_ERROR, "the outbox does not answer", "why", why.kept[0].detail);
    end(parcel);
}

/* ---- webhooks ---- */
static void send_hook(struct parcel *parcel, const struct event *event)
{
    struct parcels *parcels = parcel->parcels;
    const struct facts *facts = feed_facts(parcels->feed);
    const struct department_access *access =
        departments_access(facts->departments, text_of(parcel->receiver->id));
    BUF_CLEANUP struct buf body = BUF(BODY_MAX);
    char moment[MOMENT_TEXT_SIZE], id[ID_MAX + 32];
    unsigned char secret[SEALING_SIZE];
    moment_to_text(event->at.ms, moment);
    buf_printf(
        &body, "{\"type\":\"%.*s\",\"timestamp\":\"%s\",\"data\":", TEXT_ARG(event->type), moment);
    if (!view_json(parcel->begun.position, event, &body)) {
        drop(parcel);
        return;
    }
    buf_char(&body, '}');
    (void)snprintf(id, sizeof id, "%s.%" PRIu64, access->id, parcel->begun.position);
    sealing_of(parcels->secret, SEALING_WEBHOOK, text_of(access->id), (struct text){0}, secret);
    posts_hook(parcels->posts,
        &(struct hook){.url = access->facts.proposal.webhook,
            .id = id,
            .secret = secret,
            .body = buf_as_text(&body),
            .now_s = clock_wall_ms() / 1000},
        parcels->now_us, on_done, parcel);
}

/* ---- e-mail ---- */
static void send_letter(struct parcel *parcel)
{
    struct parcels *parcels = parcel->parcels;
    char id[ID_MAX + 32];
    wording_end(parcel->receiver->language, parcels->settings->mail_link, &parcel->body);
    (void)snprintf(id, sizeof id, "%" PRIu64 ".%s", parcel->begun.position, parcel->receiver->id);
    letters_send(parcels->letters,
        &(struct letter){.to = parcel->receiver->address,
            .id = id,
            .subject = buf_as_text(&parcel->subject),
            .body = buf_as_text(&parcel->body),
            .now_s = clock_wall_ms() / 1000},
        on_done, parcel);
}

static void on_items(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    static struct faults why;
    struct parcel *parcel = owner;
    struct inbox_item item;
    if (err != OK || !text_is(answer->status, err_word(OK))) {
        on_done(parcel, &(struct outcome){.detail = "notifications did not answer"});
        return;
    }
    for (size_t i = 1; i < message->count; i++) {
        faults_clear(&why);
        if (pack_read_trusted(inbox_item_record(), message->frames[i], &item, &why) == OK)
            wording_item(&item, parcel->parcels->settings->mail_link, &parcel->body);
    }
    send_letter(parcel);
}

/* The lines of a digest are those that whoever holds the office reads in its inbox. */
static void ask_items(struct parcel *parcel)
{
    struct parcels *parcels = parcel->parcels;
    struct text office = text_of(parcel->receiver->id);
    struct actor actor = {roster_holder(feed_facts(parcels->feed)->roster, office), office};
    struct inbox_list asked = {.read = FLAG_NO, .limit = {ITEMS_MOST, true}};
    BUF_CLEANUP struct buf packed = BUF(SUBJECT_MAX);
    if (!actor.person.at) { /* nobody holds it: nobody would read it */
        drop(parcel);
        return;
    }
    pack_write(inbox_list_record(), &asked, &packed);
    struct text frame = buf_as_text(&packed);
    struct question question = {.service = SERVICE_notifications,
        .message = MESSAGE_inbox_list,
        .actor = &actor,
        .least = {(int64_t)parcel->begun.position, true},
        .frames = &frame,
        .frame_count = 1,
        .again = true};
    if (asks_send(parcels->asks, &question, parcels->now_us, on_items, parcel) != OK)
        on_done(parcel, &(struct outcome){.detail = "notifications is not there"});
}

static void send_mail(struct parcel *parcel, enum message message, const struct event *event)
{
    static struct faults why;
    static struct reminder reminder;
    struct digest_made made;
    enum language language = parcel->receiver->language;
    parcel->subject = BUF(SUBJECT_MAX);
    parcel->body = BUF(BODY_MAX);
    faults_clear(&why);
    if (message == MESSAGE_reminder_sent &&
        pack_read_trusted(reminder_record(), event->data, &reminder, &why) == OK) {
        wording_reminder(language, &reminder, &parcel->subject, &parcel->body);
        send_letter(parcel);
    } else if (message == MESSAGE_digest_made &&
               pack_read_trusted(digest_made_record(), event->data, &made, &why) == OK) {
        wording_digest(language, &made, &parcel->subject, &parcel->body);
        ask_items(parcel);
    } else
        drop(parcel);
}

/* ---- the event ---- */
static void on_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    static struct faults faults;
    struct parcel *parcel = owner;
    struct event event;
    const struct facts *facts = feed_facts(parcel->parcels->feed);
    (void)why; /* the health of the ledger tells it; the try comes again */
    faults_clear(&faults);
    if (!facts || !entries) {
        end(parcel);
        return;
    }
    if (count == 0 || pack_read_trusted(event_record(), entries[0].packed, &event, &faults) != OK) {
        drop(parcel);
        return;
    }
    enum message message = message_from_wire(event.type);
    if (!book_may(facts, parcel->receiver, message, &event))
        drop(parcel);
    else if (parcel->receiver->kind == RECEIVER_HOOK)
        send_hook(parcel, &event);
    else
        send_mail(parcel, message, &event);
}

void parcels_begin(struct parcels *parcels, struct receiver *receiver, struct outbox_try begun)
{
    struct parcel *parcel = calloc(1, sizeof *parcel);
    must(parcel);
    *parcel = (struct parcel){
        .parcels = parcels, .receiver = receiver, .begun = begun, .began_us = parcels->now_us};
    DL_APPEND(parcels->all, parcel);
    parcels->count[receiver->kind]++;
    receiver->under_way++;
    ledger_read(parcels->ledger, begun.position, begun.position, 1, on_page, parcel);
}
