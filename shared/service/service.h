/* What a service is: a state, a pure function that folds events into it, and tables of pure
 * functions that decide commands and answer queries. service_main() does everything else: the loop,
 * the bus, the ledger, replay, who holds which office, idempotency, conflicts, history, deadlines,
 * counters, draining.
 * Pure means: no clock, no I/O, nothing remembered outside the arguments. */
#ifndef MISAQ_SERVICE_SERVICE_H
#define MISAQ_SERVICE_SERVICE_H

#include "base/buf.h"
#include "base/settings.h"
#include "facts/calendar.h"
#include "facts/happened.h"
#include "facts/roster.h"
#include "schema/pack.h"

/* A command or query as decide() and answer() get it. Borrowed during the call. */
struct request {
    enum message message;
    struct actor actor; /* has person.at == NULL for the public */
    struct office office;
    const void *body;        /* a struct of the record that the message carries */
    const struct text *rows; /* packed frames that follow (commands that have rows) */
    size_t row_count;
    struct whole expected; /* version from If-Match */
    int64_t now_ms;     /* business time: the wall's, but for what a demonstration moved it ahead */
    int64_t wall_ms;    /* of tokens and the like, which no demonstration moves */
    int32_t today;      /* the day of now_ms where days begin (settings) */
    int32_t zone;       /* minutes east of UTC where days begin (settings) */
    bool demo;          /* business time may be moved (settings) */
    struct text origin; /* name of the ledger in what is signed (settings) */
    /* Who is who, as the service has folded it. That the actor holds the office was checked, and
     * that it still does when the events are written is part of every append. */
    const struct roster *roster;
    const struct calendar *calendar;
};

/* Reads row `index` of a request into `ret` (a struct of the message's rows record) and validates
 * it; faults are named "rows/<index>/<member>". */
enum err request_row(const struct request *request, size_t index, void *ret, struct faults *why)
    MUST_CHECK;
/* The If-Match rule for a change of a thing at `version`: ERR_UNCONDITIONAL without one, ERR_STALE
 * when another version was seen. */
enum err request_expects(const struct request *request, uint64_t version, struct faults *why)
    MUST_CHECK;

/* What decide() decides: events, all of them or none, and the thing that the receipt names. */
struct decision;
/* The thing that was made or changed. Its version in the receipt is that of the subject of the last
 * event. Unless this is called, the thing is what the last event is about. */
void decision_id(struct decision *decision, struct text id);
/* An event with its record. The subject's version is expected to be what the state was folded from.
 * subject and about are ids; both are copied. */
void decision_add(struct decision *decision, enum message event, struct text subject,
    struct text about, const void *record);
/* A subject that the decision relied on without changing it: it must not have changed either. */
void decision_expect(struct decision *decision, struct text subject);

/* What answer() answers: frames of packed records. */
struct reply;
void reply_add(struct reply *reply, const struct record *record, const void *value);
/* For a frame that is put together from packed pieces: write to the buffer, then
 * reply_end_frame().*/
struct buf *reply_frame(struct reply *reply);
void reply_end_frame(struct reply *reply);
/* Of a single thing: its version, and the subject whose next event makes the answer stale (absent:
 * may not be kept). */
void reply_version(struct reply *reply, uint64_t version);
void reply_subject(struct reply *reply, struct text subject);
/* Of a list: how many on all pages, and where the next page begins. */
void reply_total(struct reply *reply, uint64_t total);
void reply_next(struct reply *reply, struct text next);

/* Which events of the past a question is about: those of all names together, each event
 * once, in order. */
struct scope;
/* All events of a subject. */
void scope_subject(struct scope *scope, struct text subject);
/* All events about one thing. */
void scope_about(struct scope *scope, struct text about);

struct service_command {
    enum message message;
    enum err (*decide)(const void *state, const struct request *request,
        struct decision *ret_decision, struct faults *why);
};

struct service_query {
    enum message message;
    /* Answers from the state. NULL for a history. */
    enum err (*answer)(const void *state, const struct request *request, struct reply *ret_reply,
        struct faults *why);
    /* Names the events from which the thing can be folded as it was then (?at=), or that a history
     * lists. Refuses what the asker may not see. NULL: the query knows no past. */
    enum err (*scope)(const void *state, const struct request *request, struct scope *ret_scope,
        struct faults *why);
};

/* A query whose answer takes more than the state: hashing a password, reading a secret. It is
 * answered by a worker's thread, so that it never holds the loop. */
struct service_errand {
    enum message message;
    /* On the loop: refuses, or writes what the worker needs to know of the state into `out`. */
    enum err (*order)(
        const void *state, const struct request *request, struct buf *out, struct faults *why);
    /* On the worker's thread: may block (not for ever: the end waits for it) and allocate, reads
     * and packs records, makes random ids; knows neither state nor loop, neither logs nor writes
     * JSON. `tools` is the worker's own. The order is wiped afterwards: it may hold a password. */
    enum err (*run)(void *tools, struct text order, struct reply *ret_reply, struct faults *why);
};

/* What falls due by itself. It is decided like a command, by nobody ("clock" in the office
 * "clock"), as soon as business time has come; commands that come later are decided after it. Due
 * work is appended like everything else, under a key made of what fell due: whoever restarts, and
 * however many instances run, it happens once. */
struct service_due {
    /* Business time at which something falls due next; INT64_MAX: nothing does. Asked in every turn
     * of the loop: it must be known already. */
    int64_t (*next)(void *state, const struct calendar *calendar, int32_t zone);
    /* Decides what is due at request->now_ms, all or the first hundred events of it (it is called
     * again), and writes what that is into `ret_key`: the same words for the same due work. Nothing
     * due after all: OK without an event. */
    enum err (*decide)(void *state, const struct request *request, struct decision *ret_decision,
        struct buf *ret_key, struct faults *why);
};

struct ledger;

/* What a service keeps outside the ledger: files, keys, threads of its own. Never facts. */
struct service_side {
    /* `state` is the service's own: a side may leave there what queries answer beyond what was
     * folded (the last checkpoint); it stays out of the digest. */
    enum err (*open)(
        const struct settings *settings, void *state, void **ret_side, struct faults *why);
    void (*close)(void *side);
    /* Called in every turn of the loop, first when the ledger was read to its end. `ledger` may be
     * read through (ledger_read), callbacks come in later turns. Returns the milliseconds after
     * which it wants to be called again at the latest. */
    int (*turn)(void *side, struct ledger *ledger, uint64_t now_us);
    /* NULL, or why nobody may write any more: told to every service and gateway, every second. */
    const char *(*hold)(const void *side);
};

struct service {
    enum service_id id;
    const char *about;
    void *(*state_new)(void);
    void (*state_free)(void *state);
    /* Folds one event. NULL when done (also for events that do not concern it), else why it cannot
     * be: the ledger is not what this service believes, and it stops folding. */
    const char *(*apply)(void *state, const struct happened *happened);
    /* Only where the service has it: every entry of the ledger in order, before apply(), also those
     * of types that this program does not know (MESSAGE_UNSET; there is no record yet). Not when
     * something is folded as it was then. */
    void (*entry)(void *state, const struct happened *happened);
    /* A digest of the whole state that is equal for equal histories; for the proof that every
     * follower folded the same. */
    void (*digest)(const void *state, struct buf *out);
    const struct service_command *commands;
    size_t command_count;
    const struct service_query *queries;
    size_t query_count;
    /* Only where the service has them. */
    const struct service_errand *errands;
    size_t errand_count;
    /* Of each worker, opened before the service is ready; what threads share is up to these. */
    enum err (*tools_open)(const struct settings *settings, void **ret_tools, struct faults *why);
    void (*tools_close)(void *tools);
    const struct service_side *side;
    const struct service_due *due;
};

/* main() of a service. --digest: reads the ledger alone, prints "<position> <digest>" and ends. */
int service_main(int argc, char **argv, const struct service *service);
/* The part behind the arguments: serves until SIGTERM or SIGINT; returns the exit code. Of the
 * lists of its own addresses it binds the first; the others are those of its other instances. */
int service_run(const struct service *service, const struct settings *settings);

#endif
