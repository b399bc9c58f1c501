/* A service's table played without a runtime: what is decided is packed, read back and folded, and
 * kept so that it can be folded again. Bodies of requests go through the codec and the rules of
 * their record first, as they do when they come over the bus. */
#ifndef MISAQ_TESTS_TARGETS_WORLD_H
#define MISAQ_TESTS_TARGETS_WORLD_H

#include "base/buf.h"
#include "service/decision.h"
#include "service/reply.h"
#include "service/scope.h"
#include "service/service.h"

#define WORLD_SUBJECTS 512

struct world {
    const struct service *service;
    void *state;
    struct decision *decision;
    struct reply *reply;
    struct scope scope;
    struct faults why; /* of the last command or query */
    struct {
        struct text id;
        uint64_t version;
    } subjects[WORLD_SUBJECTS];
    size_t subject_count;
    struct past {
        enum message message;
        struct text subject, about, data, office;
        uint64_t version;
        int64_t at_ms;
    } * log;
    size_t log_count, log_room;
    const char *office;    /* of the command that is decided; NULL: none is */
    int64_t now_ms;        /* the moment at which all happens until a test moves it */
    bool demo;             /* business time may be moved */
    struct roster *roster; /* knows nobody */
    struct calendar *calendar;
};

#define WORLD_BEGINS INT64_C(1600000000000) /* 2020-09-13 */
#define WORLD_DAY    INT64_C(86400000)

void world_open(struct world *world, const struct service *service);
void world_close(struct world *world);

/* Rows of a command: structs of its rows record, or packed frames as they are. */
struct world_rows {
    const struct text *packed;
    size_t count;
};

/* Decides, and folds what was decided. expected: the version of If-Match, 0 for none. */
enum err world_do(struct world *world, const char *office, enum message command, const void *body,
    uint64_t expected);
enum err world_do_rows(struct world *world, const char *office, enum message command,
    const void *body, uint64_t expected, struct world_rows rows);
/* Decides what has fallen due, and folds it; the number of events. */
size_t world_due(struct world *world);
/* Something happens that another service decided: it is folded, and kept. */
void world_happen(struct world *world, enum message event, const char *subject, const char *about,
    const void *record);
/* The same, but NULL or why it cannot follow; what cannot leaves the world unusable. */
const char *world_try(struct world *world, enum message event, const char *subject,
    const char *about, const void *record);
/* Answers into world->reply. */
enum err world_ask(struct world *world, const char *office, enum message query, const void *body);
/* Names the past of a question in world->scope. */
enum err world_scope(struct world *world, const char *office, enum message query, const void *body);
/* Reads a frame of the last answer. Texts are borrowed until the next question. */
void world_read(struct world *world, size_t frame, const struct record *record, void *ret);
/* What reply_head() says of the last answer. */
struct answer world_head(const struct world *world);
/* Folds the whole log, or what the scope names, into a state of its own; the caller frees it. */
void *world_fold_again(const struct world *world, const struct scope *only);
/* Whether the last refusal has a fault of that member. */
bool world_faults(const struct world *world, const char *member);
void world_digest(const struct world *world, const void *state, struct buf *out);
/* Prints the faults of the last refusal. */
void world_print(const struct world *world);

#endif
