/* What the files of this room share: the runtime of one service, and a request in its hand. */
#ifndef MISAQ_SERVICE_RUNTIME_H
#define MISAQ_SERVICE_RUNTIME_H

#include "bus/envelope.h"
#include "ledger/ledger.h"
#include "service/decision.h"
#include "service/errands.h"
#include "service/follow.h"
#include "service/reply.h"
#include "service/subjects.h"

/* ---- fold.c: events read and folded ---- */
struct folder {
    void *record;             /* scratch for the record of an event */
    struct happened happened; /* the one being folded */
    enum message memo[64];    /* types seen lately, by a hash of their name */
    struct faults why;
    char complaint[400];
};
void folder_open(struct folder *folder);
void folder_close(struct folder *folder);
/* NULL, or why these bytes are no event. An event of an unknown type has MESSAGE_UNSET. Texts are
 * borrowed from `packed`. What it says is in folder->happened as well, which lacks its place ... */
const char *folder_read(
    struct folder *folder, struct text packed, struct event *ret_event, enum message *ret_message);
/* ... and its record until this has completed it; not for unknown types. NULL, or why not. */
const char *folder_complete(struct folder *folder, uint64_t position, uint64_t version) MUST_CHECK;

/* ---- one request ---- */
enum work_list {
    WORK_PARKED,    /* it waits for a position to be folded */
    WORK_WAITING,   /* a command waits for its turn at a subject */
    WORK_UNDER_WAY, /* the ledger is asked, or a worker */
    WORK_SETTLING,  /* appended and answered; its subjects are free once it is folded */
    WORK_LISTS
};

struct piece { /* of work.packed */
    size_t end;
    enum message event;
};

struct hold { /* a subject that a decision rests on */
    uint32_t thing;
    bool changed; /* by the decision: busy until it is folded */
    uint64_t version;
};

struct past;

struct work {
    struct runtime *runtime;
    struct work *prev, *next;
    enum work_list list;
    bool listed;
    struct bus_message *message; /* NULL once it is answered */
    struct envelope envelope;    /* borrowed from message */
    enum message what;
    struct office office;
    uint64_t came_us, due_us;
    unsigned calls; /* callbacks of the ledger that are still to come */

    struct buf packed; /* events being appended, a refusal held back, or a history */
    struct piece *pieces;
    size_t piece_count, piece_room;
    struct hold *holds;
    size_t hold_count, hold_room;
    uint32_t blocker; /* WORK_WAITING: until this one is free */
    bool wants_newer; /* ... or has a higher version than newer_than */
    uint64_t newer_than;
    unsigned conflicts;
    struct receipt receipt;
    int64_t decided_ms;
    char thing[ID_MAX + 1]; /* receipt.id */
    uint64_t last;          /* position of its last event */
    struct fault first;     /* of the refusal */
    struct past *past;
};

/* What is known of a read-only hold; times of runtime->now_us. */
struct readonly {
    const char *own; /* this service's own reason, borrowed from its side; NULL: none */
    char heard[ENVELOPE_REASON_MAX + 1];
    uint64_t heard_until_us;
    uint64_t side_at_us; /* when the side wants to be called again; UINT64_MAX: whenever */
    uint64_t tell_at_us;
    bool was_held;
};

/* Due work: one decision at a time. */
struct due {
    struct work *work; /* under way; NULL: none */
    int64_t next_ms;   /* business time, as the service last said */
    uint64_t again_us; /* not before */
    uint64_t position; /* folded when it was last tried */
    unsigned failures; /* in a row */
    bool tried, told;
};

struct counter {
    uint64_t calls, refusals, microseconds;
};

struct runtime {
    const struct service *service;
    const struct settings *settings;
    struct bus *bus;
    struct bus_socket *server, *publisher, *subscriber; /* subscriber NULL: nobody to hear */
    struct ledger *ledger;
    struct follow *follow;
    struct folder folder;
    struct subjects *subjects;
    struct roster *roster;
    struct calendar *calendar;
    void *state;
    const struct service_command *commands[MESSAGE_COUNT];
    const struct service_query *queries[MESSAGE_COUNT];
    const struct service_errand *orders[MESSAGE_COUNT];
    struct errands *errands; /* NULL: the service has none */
    void *side;
    struct readonly readonly;
    struct due due;

    struct work *lists[WORK_LISTS], *idle;
    size_t in_hand, idle_count;
    uint64_t next_due_us; /* nothing is late before */

    struct decision *decision;
    struct reply *reply;
    struct faults why;
    void *body;                    /* scratch for the record of a request */
    struct buf head, key, refusal; /* scratch */
    struct ledger_event *events;
    size_t event_room;

    uint64_t now_us;
    uint64_t next_head_us;
    bool freed; /* a subject is free again, or has grown */
    bool draining;
    int signal_fd;
    uint64_t started_us;
    bool was_ready, was_healthy, was_stuck;
    uint64_t conflicts;
    struct counter counters[MESSAGE_COUNT];
};

/* ---- runtime.c: what reads the ledger; loop.c: what serves ---- */
enum err runtime_open(struct runtime *runtime, const struct service *service,
    const struct settings *settings) MUST_CHECK; /* faults in runtime->why */
void runtime_close(struct runtime *runtime);
/* NULL when it can serve, else what is in the way; borrowed. */
const char *runtime_complaint(const struct runtime *runtime);
/* The lists of addresses of a service. */
const char *runtime_commands(const struct settings *settings, enum service_id service);
const char *runtime_events(const struct settings *settings, enum service_id service);

/* ---- work.c ---- */
/* A new piece of work for a message that was received, which it takes over; NULL: for nobody. */
struct work *work_new(struct runtime *runtime, struct bus_message *message);
void work_list(struct work *work, enum work_list list);
/* Ends it when it is answered and nothing more is to come. */
void work_end(struct work *work);
void work_free_all(struct runtime *runtime);
/* Adds the bytes of `packed` since the last piece as a piece. */
void work_piece(struct work *work, enum message event);
struct text work_piece_at(const struct work *work, size_t index);
/* Holds back the faults of runtime->why, sends what was held back, or sends them at once. */
void work_keep_refusal(struct work *work);
void work_send_refusal(struct work *work);
void work_refuse(struct work *work);
/* One fault and its refusal in one call. */
void work_fail(struct work *work, enum err err, const char *member, const char *detail, ...)
    PRINTF(4, 5);
/* Answers with what is in `reply`, as known at `position`. */
void work_reply(struct work *work, const struct reply *reply, uint64_t position);
/* Answers with work->receipt. */
void work_receipt(struct work *work);
/* Answers what has waited too long. */
void work_sweep(struct runtime *runtime);

/* ---- intake.c ---- */
void intake(struct runtime *runtime, struct bus_message *message);
/* Goes on with requests whose senders knew more of the ledger than was folded here. */
void intake_turn(struct runtime *runtime);
/* Reads the body and fills in the request; faults in runtime->why. */
enum err intake_request(struct work *work, struct request *ret_request) MUST_CHECK;
/* What is the same for every request taken up at a moment of business time: no body, no rows. */
struct request intake_facts(const struct work *work, int64_t now_ms);
/* Whether the sender holds the office, as the ledger is folded now: asked when a request is taken
 * up, not when it came, because it may have waited. Faults in runtime->why. */
enum err intake_holder(struct work *work) MUST_CHECK;
/* Whether somebody in particular holds the office: not "person", not "setup". */
bool intake_is_seat(const struct office *office);

/* ---- commands.c ---- */
void command_begin(struct work *work);
/* Goes on with commands whose turn has come. */
void command_turn(struct runtime *runtime);

/* ---- append.c ---- */
/* Appends runtime->decision for a command, unless it has to wait for its turn. */
void append_decision(struct work *work);
/* The bytes under which the ledger knows a command: runtime->key, and 32 bytes of digest. */
#define FINGERPRINT_SIZE 32
void append_key(struct work *work);
void append_fingerprint(const struct work *work, unsigned char out[FINGERPRINT_SIZE]);
/* What a command that came before was answered; false when the ledger holds something else. */
bool append_read_receipt(struct work *work, const struct ledger_result *result) MUST_CHECK;
/* Lets go of subjects once the work's last event is folded. */
void append_settle(struct work *work);

/* ---- queries.c, past.c, status.c ---- */
void query_begin(struct work *work);
/* Gives the answers that errands brought. */
void query_turn(struct runtime *runtime);
void past_take(struct work *work, const struct request *request);
void past_free(struct past *past);
void status_answer(struct work *work);
/* SHA-256 of the service's digest in hex. */
#define STATUS_DIGEST_SIZE 65
void status_digest(const struct runtime *runtime, char out[STATUS_DIGEST_SIZE]);

/* ---- readonly.c ---- */
/* Another service says that nobody may write. */
void readonly_hear(struct runtime *runtime, struct text reason);
/* NULL, or why nothing may be written; borrowed until the next turn. */
const char *readonly_reason(const struct runtime *runtime);
/* Lets the side work, tells everyone of its hold. */
void readonly_turn(struct runtime *runtime);
/* When it must be called again; UINT64_MAX: no matter when. */
uint64_t readonly_next_us(const struct runtime *runtime);

/* ---- due.c ---- */
/* Business time. */
int64_t runtime_now_ms(const struct runtime *runtime);
/* Decides what has fallen due. */
void due_turn(struct runtime *runtime);
/* Whether something has that can be done: commands are decided after it. */
bool due_pending(const struct runtime *runtime);
/* When due_turn() must be called again; UINT64_MAX: no matter when. */
uint64_t due_next_us(const struct runtime *runtime);
/* Told of every work that ends. */
void due_ended(struct work *work);

/* ---- loop.c, probe.c ---- */
int loop_run(struct runtime *runtime);
/* Reads the ledger to its end and prints its digest; the exit code. */
int loop_digest(struct runtime *runtime);
/* Asks the running service whether it is ready; the exit code. */
int probe(const struct service *service, const struct settings *settings);

#endif
