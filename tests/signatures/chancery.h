/* The signatures service's table played without a runtime, in a small government whose people hold
 * real keys. What is decided is packed, read back and folded, beside the events of other services,
 * which are simply told; all is kept, so that it can be folded again. */
#ifndef MISAQ_TESTS_SIGNATURES_CHANCERY_H
#define MISAQ_TESTS_SIGNATURES_CHANCERY_H

#include "facts/life.h"
#include "proof/jws.h"
#include "service/decision.h"
#include "service/reply.h"
#include "service/service.h"

#define CHANCERY_ORIGIN   "misaq/TEST"
#define CHANCERY_SUBJECTS 1024

struct chancery {
    const struct service *service;
    void *state;
    struct roster *roster;
    struct lives *lives;
    struct decision *decision;
    struct reply *reply;
    struct faults why; /* of the last command or query */
    int32_t today;
    int64_t now_ms;
    struct {
        char id[ID_MAX + 1];
        uint64_t version;
    } subjects[CHANCERY_SUBJECTS];
    size_t subject_count;
    struct told {
        enum message message;
        struct text subject, about, person, office, data;
        uint64_t version;
        int64_t at_ms;
    } * log;
    size_t log_count, log_room;
    uint32_t postings;
};

struct chancery *chancery_open(const struct service *service);
void chancery_close(struct chancery *chancery);

/* An event of whatever service, told as it is. */
void chancery_tell(struct chancery *chancery, enum message event, const char *subject,
    const char *about, const void *record);
/* The same; NULL, or why it cannot be. The chancery is of no use after a complaint. */
const char *chancery_try(struct chancery *chancery, enum message event, const char *subject,
    const char *about, const void *record);
/* Decides, and folds what was decided. expected: the version of If-Match, 0 for none. */
enum err chancery_do(struct chancery *chancery, const char *person, const char *office,
    enum message command, const void *body, uint64_t expected);
/* Decides only, so that the chancery stays as it is. */
enum err chancery_would(struct chancery *chancery, const char *person, const char *office,
    enum message command, const void *body, uint64_t expected);
/* person and office NULL: the public. */
enum err chancery_ask(struct chancery *chancery, const char *person, const char *office,
    enum message query, const void *body);
/* Reads a frame of the last answer. Texts are borrowed until the next question. */
void chancery_read(struct chancery *chancery, size_t frame, const struct record *record, void *ret);
/* All frames of the last answer one behind the other: a document. */
void chancery_raw(struct chancery *chancery, struct buf *out);
struct answer chancery_head(const struct chancery *chancery);
uint64_t chancery_version(const struct chancery *chancery, const char *subject);
/* Whether the last refusal has a fault of that member (NULL: any) whose detail has those words. */
bool chancery_says(const struct chancery *chancery, const char *member, const char *words);
/* Fails the test unless it was refused with that error and such a fault, or unless it was done;
 * prints the faults of the refusal then. */
void chancery_refused(const struct chancery *chancery, enum err is, enum err expected,
    const char *member, const char *words);
void chancery_done(const struct chancery *chancery, enum err is);
/* Where an agreement stands, by all that was told. */
enum agreement_state chancery_state(const struct chancery *chancery, const char *agreement);
/* Whether the words stand in the text. */
bool chancery_stands(struct text text, const char *words);
void chancery_print(const struct chancery *chancery);
/* Folds the whole log anew, and compares the digests. */
void chancery_check_again(const struct chancery *chancery);

#endif
