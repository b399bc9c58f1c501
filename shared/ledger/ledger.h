/* The append-only list of everything that happened, kept by Redis. Two facts carry the room: an
 * append is one Redis Function (it checks everything, then writes), so it is all or nothing; and a
 * reply lost to a crash or a time-out leaves an unknown outcome, which the idempotency key settles.
 * One connection, never blocking: the owner's loop polls ledger_fd() and calls ledger_turn(). */
#ifndef MISAQ_LEDGER_LEDGER_H
#define MISAQ_LEDGER_LEDGER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/settings.h"

struct ledger;

/* Position of an entry: 1, 2, 3 ... without holes. 0 is "before everything". */

/* One event to append. All texts are borrowed until ledger_append() returns. */
struct ledger_event {
    struct text subject; /* whose version grows by one; not empty, not beginning with '~' */
    struct text packed;  /* the entry as it will lie in the ledger */
};

/* A subject and the number of events that the decision was made on. */
struct ledger_expectation {
    struct text subject;
    uint64_t version;
};

#define LEDGER_SUBJECTS_MAX 1000

struct ledger_append {
    struct text key;         /* idempotency key with its scope; never empty */
    struct text fingerprint; /* digest of the request: the same key with another one is refused */
    struct text answer;      /* bytes to give back when the same request comes again */
    const struct ledger_expectation *expectations;
    size_t expectation_count; /* every subject of the events and any others, each once; at most
                                 LEDGER_SUBJECTS_MAX */
    const struct ledger_event *events;
    size_t event_count; /* 1 or more */
};

/* How an append or a recall ended. */
enum ledger_outcome {
    LEDGER_APPENDED = 1, /* on disk; first is the position of the first event */
    LEDGER_SEEN,         /* the same request was appended before: first and answer are of then */
    LEDGER_REUSED,       /* the key is known with another fingerprint; nothing written */
    LEDGER_CONFLICT,     /* a subject has another version than expected; nothing written */
    LEDGER_UNKNOWN_KEY,  /* recall only: nothing was ever appended under this key */
    LEDGER_FAILED        /* Redis refused (full disk, read-only, wrong type ...): see why. Nothing
                            was written, unless the append had been sent before on a connection
                            that was lost: the same key, later, tells */
};

struct ledger_result {
    enum ledger_outcome outcome;
    uint64_t first;      /* position; 0 when there is none */
    struct text answer;  /* borrowed during the callback */
    struct text subject; /* the one in conflict; borrowed */
    struct text why;     /* of LEDGER_FAILED; borrowed */
};

typedef void ledger_on_result(void *owner, const struct ledger_result *result);

/* A page of entries in order of position, from the first that was asked for, without holes. A
 * short page is the end. */
struct ledger_entry {
    uint64_t position;
    struct text packed; /* borrowed during the callback */
};
/* entries is NULL when Redis refused the read or the ledger is not whole there, with `why`: it
 * names the position. An empty page has entries and count 0. */
typedef void ledger_on_page(
    void *owner, const struct ledger_entry *entries, size_t count, struct text why);

/* What Redis says of itself. ok only if it is reachable, answers within the time-out, keeps
 * appendonly yes, appendfsync always, maxmemory-policy noeviction, is a master, its last AOF
 * write went well, and the ledger has as many entries as its last position says and does not end
 * before a position seen earlier; else `why` says what is wrong. head is the last position. While
 * it is not ok, appends and recalls are held back, not failed: callers have deadlines. */
struct ledger_health {
    bool ok;
    uint64_t head;
    char why[160];
};

/* Settings used: government, redis, redis_user, redis_password, redis_timeout_ms, key_s.
 * Does not connect yet: the first turn does, and every later one reconnects with back-off. */
enum err ledger_open(
    const struct settings *settings, struct ledger **ret_ledger, struct faults *why) MUST_CHECK;
void ledger_close(struct ledger *ledger);
static inline void ledger_closep(struct ledger **ledger)
{
    ledger_close(*ledger);
    *ledger = NULL;
}

/* The descriptor to poll (-1 while not connected), and whether to poll it for writing as well. */
int ledger_fd(const struct ledger *ledger);
bool ledger_wants_write(const struct ledger *ledger);
/* Milliseconds until ledger_turn() must be called even without activity. */
int ledger_wait_ms(const struct ledger *ledger, uint64_t now_us);
/* Writes what is queued, reads what came, calls back, watches time-outs, reconnects. After a lost
 * connection everything unanswered is sent again under its key: callers see one answer. Call it
 * after queueing too: commands queued in one turn of the loop leave in one write. */
void ledger_turn(struct ledger *ledger, uint64_t now_us);

/* Queues; copies what it needs. The callback comes from ledger_turn(), once, whatever happens,
 * except after ledger_close(); it may queue more, but neither turn nor close. Appends and recalls
 * are sent in order; reads have a line of their own and may overtake them. An append whose reply
 * was lost is answered LEDGER_SEEN, with its own answer, if it had been written. Once 64 MiB are
 * queued or sent and not answered, what comes on top is answered LEDGER_FAILED. */
void ledger_append(
    struct ledger *ledger, const struct ledger_append *append, ledger_on_result *done, void *owner);
/* Asks what became of a key, without writing. */
void ledger_recall(struct ledger *ledger, struct text key, struct text fingerprint,
    ledger_on_result *done, void *owner);
/* Entries first .. last at most, `most` of them at most (both 1 or more; a page of more than
 * 256 MiB is refused). Several reads may be under way: their pages come in order. */
void ledger_read(struct ledger *ledger, uint64_t first, uint64_t last, size_t most,
    ledger_on_page *done, void *owner);
/* What became known last, at most a second or so old; asked for by turns on their own. */
const struct ledger_health *ledger_health(const struct ledger *ledger);
/* Commands sent or queued and not yet answered. */
size_t ledger_pending(const struct ledger *ledger);

#endif
