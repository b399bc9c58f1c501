/* misaq audit: everything of a government in Redis, held against the record and against itself. It
 * asks no service: what it says rests on the folder of the record alone. */
#include "base/clock.h"
#include "base/hashes.h"
#include "base/must.h"
#include "commands.h"
#include "ledger/inspect.h"
#include "proof/vault.h"
#include "schema/pack.h"
#include "service/cause.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#define SHOW_US    2000000
#define TOLD_MOST  40
#define FOUND_SIZE 400

extern char **environ;

struct subject {
    char id[ID_MAX + 1];
    uint64_t counted, kept; /* events up to the head; what Redis says */
    UT_hash_handle hh;
};

/* What an idempotency key must agree with. */
struct place {
    char cause[CAUSE_LEN];
    uint32_t version;
    struct digest subject, about;
};

struct audit {
    struct settings settings;
    struct vault vault;
    bool has_vault;
    struct subject *subjects;
    struct place *places; /* of position i + 1 */
    uint64_t count, room;
    uint64_t head; /* that Redis keeps beside the versions */
    uint64_t keys, found, shown_us;
    uint64_t later; /* highest position that a receipt names behind the entries that were read */
    struct faults why;
};

static void PRINTF(2, 3) tell(struct audit *audit, const char *format, ...)
{
    char line[FOUND_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (audit->found++ < TOLD_MOST)
        (void)printf("WRONG  %s\n", line);
}

static void show_progress(struct audit *audit, const char *what, uint64_t count)
{
    uint64_t now = clock_mono_us();
    if (now - audit->shown_us < SHOW_US)
        return;
    audit->shown_us = now;
    (void)printf("  %s: %" PRIu64 "\n", what, count);
    (void)fflush(stdout);
}

static struct subject *subject_of(struct audit *audit, struct text id)
{
    struct subject *subject = NULL;
    if (id.len > ID_MAX)
        return NULL;
    HASH_FIND(hh, audit->subjects, id.at, id.len, subject);
    if (!subject) {
        must(subject = calloc(1, sizeof *subject));
        memcpy(subject->id, id.at, id.len);
        HASH_ADD_KEYPTR(hh, audit->subjects, subject->id, id.len, subject);
    }
    return subject;
}

/* ---- the versions, read first: they and the entries up to their head belong together ---- */

static void on_version(void *owner, struct text name, struct text value)
{
    struct audit *audit = owner;
    uint64_t version;
    struct subject *subject;
    if (!text_whole(value, UINT32_MAX, &version))
        tell(audit, "the version of %.*s is \"%.*s\", not a number", TEXT_ARG(name),
            TEXT_ARG(value));
    else if (text_is(name, "~head"))
        audit->head = version;
    else if ((subject = subject_of(audit, name)))
        subject->kept = version;
    else
        tell(audit, "a version is kept of something that is no subject: %.*s", TEXT_ARG(name));
}

/* ---- the entries ---- */

static void keep_place(struct audit *audit, const struct event *event, uint64_t version)
{
    if (audit->count == audit->room) {
        audit->room = audit->room ? audit->room * 2 : 4096;
        must(audit->places = realloc(audit->places, audit->room * sizeof *audit->places));
    }
    struct place *place = &audit->places[audit->count];
    *place = (struct place){.version = (uint32_t)version,
        .subject = digest_of(event->subject),
        .about = digest_of(event->about)};
    if (event->cause.len == CAUSE_LEN)
        memcpy(place->cause, event->cause.at, CAUSE_LEN);
}

static void check_leaf(struct audit *audit, struct text entry, const char *name)
{
    struct digest recorded, now = merkle_leaf(entry);
    if (!audit->has_vault || audit->count >= audit->vault.count)
        return;
    if (!vault_leaf(&audit->vault, audit->count, &recorded) || !digest_equal(&recorded, &now))
        tell(audit, "%s is not what was recorded", name);
}

static void on_entry(void *owner, struct text id, struct text entry)
{
    struct audit *audit = owner;
    struct event event = {0};
    char wanted[32], name[2 * ID_MAX + 40];
    uint64_t position = audit->count + 1;
    uint64_t version = 0;
    (void)snprintf(wanted, sizeof wanted, "%" PRIu64 "-0", position);
    if (!entry.at || !text_is(id, wanted))
        tell(audit, "where event %" PRIu64 " belongs lies an entry %.*s", position, TEXT_ARG(id));
    faults_clear(&audit->why);
    if (!entry.at || pack_read_trusted(event_record(), entry, &event, &audit->why) != OK ||
        event.subject.len > ID_MAX) {
        tell(audit, "event %" PRIu64 " is not readable as an event", position);
        event = (struct event){0};
    }
    (void)snprintf(name, sizeof name, "event %" PRIu64 " (%.*s of %.*s)", position,
        TEXT_ARG(event.type), TEXT_ARG(event.about));
    check_leaf(audit, entry, name);
    struct subject *subject = event.subject.len ? subject_of(audit, event.subject) : NULL;
    if (subject && position <= audit->head)
        version = ++subject->counted;
    keep_place(audit, &event, version);
    audit->count++;
    show_progress(audit, "events", audit->count);
}

/* ---- what must follow from the entries ---- */

static void check_versions(struct audit *audit)
{
    const struct subject *subject = audit->subjects;
    if (audit->head > audit->count)
        tell(audit, "the ledger ends at event %" PRIu64 ", its head is kept as %" PRIu64,
            audit->count, audit->head);
    if (audit->has_vault && audit->vault.count > audit->count)
        tell(audit, "the ledger ends at event %" PRIu64 ", the record has %" PRIu64, audit->count,
            audit->vault.count);
    for (; subject; subject = subject->hh.next) {
        if (subject->counted != subject->kept)
            tell(audit, "%s has %" PRIu64 " events, its version is kept as %" PRIu64, subject->id,
                subject->counted, subject->kept);
    }
}

/* "<first> <length of the fingerprint> <fingerprint><receipt>" */
static bool split_value(
    struct text value, uint64_t *ret_first, struct text *ret_fingerprint, struct text *ret_receipt)
{
    uint64_t len;
    struct text rest, first = text_cut(value, ' ', &rest);
    struct text digits = text_cut(rest, ' ', &rest);
    if (!text_whole(first, UINT32_MAX, ret_first) || *ret_first == 0 ||
        !text_whole(digits, 64, &len) || rest.len < len)
        return false;
    *ret_fingerprint = (struct text){rest.at, len};
    *ret_receipt = (struct text){rest.at + len, rest.len - len};
    return true;
}

static const char *receipt_complaint(
    struct audit *audit, uint64_t first, struct text cause, const struct receipt *receipt)
{
    uint64_t events = (uint64_t)receipt->events.value, last = first + events - 1;
    struct digest id = digest_of(receipt->id);
    bool named = false;
    if (events < 1 || last > audit->count)
        return "names events that are not there";
    for (uint64_t position = first; position <= last; position++) {
        const struct place *place = &audit->places[position - 1];
        if (memcmp(place->cause, cause.at, CAUSE_LEN) != 0)
            return "belongs to events with another cause";
        named = named || digest_equal(&id, &place->subject) || digest_equal(&id, &place->about);
    }
    const struct place *place = &audit->places[last - 1];
    if (place->version && place->version != (uint64_t)receipt->version.value)
        return "tells another version than its events made";
    if (!text_is(receipt->record, "accepted"))
        return "says something else than that it was accepted";
    if (!named)
        return "names another thing than its events are about";
    return NULL;
}

static void check_key(struct audit *audit, struct text name, struct text value)
{
    uint64_t first;
    struct text fingerprint, packed, key = {name.at + 4, name.len - 4}; /* behind "key:" */
    struct receipt receipt = {0};
    char cause[CAUSE_LEN + 1];
    const char *complaint = NULL;
    audit->keys++;
    show_progress(audit, "idempotency keys", audit->keys);
    faults_clear(&audit->why);
    if (!split_value(value, &first, &fingerprint, &packed) ||
        pack_read_trusted(receipt_record(), packed, &receipt, &audit->why) != OK)
        complaint = "is not readable";
    else if (first > audit->count) { /* it came after the entries were read, or never */
        if (first > audit->later)
            audit->later = first;
    } else {
        cause_of(key, fingerprint, cause);
        complaint = receipt_complaint(audit, first, text_of(cause), &receipt);
    }
    if (complaint)
        tell(audit, "the receipt under the key %.*s %s", TEXT_ARG(key), complaint);
}

static void on_key(void *owner, struct text name, struct text value)
{
    struct audit *audit = owner;
    if (text_starts(name, TEXT_LITERAL("key:")))
        check_key(audit, name, value);
    else if (!text_is(name, "ledger") && !text_is(name, "versions") &&
             !text_starts(name, TEXT_LITERAL("secret:")) &&
             !text_starts(name, TEXT_LITERAL("outbox:")))
        tell(audit, "there is a key that nobody here made: %.*s", TEXT_ARG(name));
}

/* What came while keys were read is in the ledger by now. */
static void on_head(void *owner, struct text name, struct text value)
{
    struct audit *audit = owner;
    uint64_t head;
    if (text_is(name, "~head") && text_whole(value, UINT32_MAX, &head) && audit->later > head)
        tell(audit, "a receipt names event %" PRIu64 ", the ledger ends at %" PRIu64, audit->later,
            head);
}

/* ---- all of it ---- */

static void open_vault(struct audit *audit)
{
    struct faults *why = &audit->why;
    struct text origin = text_of(audit->settings.origin);
    enum err err = vault_open(&audit->vault, audit->settings.record, origin, false, why);
    audit->has_vault = err == OK;
    if (err != OK)
        tell(audit, "the record in %s: %s %s", audit->settings.record, why->kept[0].member,
            why->kept[0].detail);
    faults_clear(why);
}

static enum err read_redis(struct audit *audit)
{
    struct inspect *inspect = NULL;
    bool same = false;
    enum err err = inspect_open(&audit->settings, &inspect, &audit->why);
    if (err == OK)
        err = inspect_versions(inspect, on_version, audit, &audit->why);
    if (err == OK)
        err = inspect_entries(inspect, on_entry, audit, &audit->why);
    if (err == OK)
        check_versions(audit);
    if (err == OK)
        err = inspect_keys(inspect, on_key, audit, &audit->why);
    if (err == OK && audit->later)
        err = inspect_versions(inspect, on_head, audit, &audit->why);
    if (err == OK)
        err = inspect_library(inspect, &same, &audit->why);
    if (err == OK && !same)
        tell(audit, "the Function library in Redis is not the one of this program");
    inspect_close(inspect);
    return err;
}

static int conclude(const struct audit *audit)
{
    if (audit->found > TOLD_MOST)
        (void)printf("... and %" PRIu64 " more\n", audit->found - TOLD_MOST);
    (void)printf("%" PRIu64 " events, %" PRIu64 " of them recorded; %" PRIu64
                 " idempotency keys: %s\n",
        audit->count, audit->has_vault ? audit->vault.count : 0, audit->keys,
        audit->found ? "NOT as they should be" : "all as recorded");
    return audit->found ? COMMAND_FAILED : COMMAND_FINE;
}

static void release(struct audit *audit)
{
    HASHES_FREE(audit->subjects, subject, free);
    free(audit->places);
    vault_close(&audit->vault);
}

int command_audit(int argc, char **argv)
{
    static struct audit audit = {.vault = {.lock = -1, .leaves = -1}};
    (void)argv;
    if (argc != 1)
        return command_misused("audit");
    audit.shown_us = clock_mono_us();
    enum err err = settings_read(environ, &audit.settings, &audit.why);
    if (err == OK) {
        open_vault(&audit);
        err = read_redis(&audit);
    }
    int code = err == OK ? conclude(&audit) : COMMAND_FAILED;
    if (err != OK)
        (void)fprintf(stderr, "misaq: the audit cannot be made: %s %s\n", audit.why.kept[0].member,
            audit.why.kept[0].detail);
    release(&audit);
    return code;
}
