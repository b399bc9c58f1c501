/* The offices service played without a runtime: what is decided is packed, read back and folded, by
 * the service and by the roster, and kept so that it can be folded again. Time is told. */
#ifndef MISAQ_TESTS_OFFICES_HOUSE_H
#define MISAQ_TESTS_OFFICES_HOUSE_H

#include "table.h"

#include "base/buf.h"
#include "service/decision.h"
#include "service/reply.h"
#include "service/scope.h"
#include "service/service.h"

#define HOUSE_SUBJECTS 512
#define HOUSE_START_MS INT64_C(1700000000000)
#define HOUSE_DAY_MS   INT64_C(86400000)
#define HOUSE_FIRST    "adm.one"
#define HOUSE_SECOND   "adm.two"

struct house {
    const struct service *service;
    void *state;
    struct roster *roster;
    struct decision *decision;
    struct reply *reply;
    struct scope scope;
    struct faults why;        /* of the last command, query or errand */
    char thing[ID_MAX + 1];   /* what the last command made or changed */
    int64_t now_ms, ahead_ms; /* business time, and how far it is ahead of the wall's */
    struct {
        struct text id;
        uint64_t version;
    } subjects[HOUSE_SUBJECTS];
    size_t subject_count;
    struct past {
        enum message message;
        struct text subject, about, data;
        char person[ID_MAX + 1], office[ID_MAX + 1];
        int64_t at_ms;
        uint64_t version;
    } * log;
    size_t log_count, log_room;
};

/* Founded by HOUSE_FIRST (administrator.1) and HOUSE_SECOND (administrator.2), with the bodies PWR
 * and EDU. house_open_empty(): nothing has happened. */
void house_open_with(struct house *house, const struct service *service);
void house_open_empty_with(struct house *house, const struct service *service);
/* The service is named by the test itself: the library of helpers comes behind it when linking. */
static inline void house_open(struct house *house)
{
    house_open_with(house, table_service());
}
static inline void house_open_empty(struct house *house)
{
    house_open_empty_with(house, table_service());
}
void house_close(struct house *house);

/* Decides and folds, as "person@office". expected: the version of If-Match, 0 for none. */
enum err house_do(struct house *house, const char *actor, enum message command, const void *body,
    uint64_t expected);
/* Answers into house->reply, names the past in house->scope. */
enum err house_ask(struct house *house, const char *actor, enum message query, const void *body);
enum err house_scope(struct house *house, const char *actor, enum message query, const void *body);
/* Orders an errand and runs it with the tools; answers into house->reply. */
enum err house_errand(
    struct house *house, void *tools, const char *actor, enum message errand, const void *body);
/* An event of another service. */
void house_feed(struct house *house, enum message event, const char *subject, const char *about,
    const void *record);

/* What the two administrators do together; each must succeed. */
void house_register(struct house *house, const char *person);
void house_create(struct house *house, const char *office);
void house_post(struct house *house, const char *office, const char *person);

size_t house_frames(const struct house *house);
void house_read(struct house *house, size_t frame, const struct record *record, void *ret);
uint64_t house_version(const struct house *house, const char *subject);
/* Folds the whole log, or what the scope names up to a position, into a state of its own. */
void *house_fold_again(const struct house *house, const struct scope *only, uint64_t until);
void house_digest(const struct house *house, const void *state, struct buf *out);
/* Whether the last refusal has a fault of that member whose detail holds `words`. */
bool house_faults(const struct house *house, const char *member, const char *words);
void house_print(const struct house *house);

#endif
