/* The reviews service's table played without a runtime, in a government with people in it: what is
 * decided is packed, read back and folded, beside the events of other services, which are simply
 * told. All is kept, so that it can be folded again. */
#ifndef MISAQ_TESTS_REVIEWS_PLAY_H
#define MISAQ_TESTS_REVIEWS_PLAY_H

#include "base/buf.h"
#include "service/decision.h"
#include "service/reply.h"
#include "service/service.h"

#define PLAY_SUBJECTS 1024

struct play {
    const struct service *service;
    void *state;
    struct roster *roster;
    struct calendar *calendar;
    int64_t now_ms;          /* the moment at which all happens until a test moves it */
    const struct text *rows; /* packed: of the next command that has rows */
    size_t row_count;
    struct decision *decision;
    struct reply *reply;
    struct faults why; /* of the last command or query */
    struct {
        struct text id;
        uint64_t version;
    } subjects[PLAY_SUBJECTS];
    size_t subject_count;
    struct told {
        enum message message;
        struct text subject, about, person, office, data;
        uint64_t version;
        int64_t at_ms;
    } * log;
    size_t log_count, log_room;
};

struct play *play_new(const struct service *service);
void play_free(struct play *play);

/* An event of whatever service, told as it is; `record` NULL: an empty one. */
void play_tell(struct play *play, enum message event, const char *subject, const char *about,
    const void *record);
void play_tell_by(struct play *play, struct actor actor, enum message event, const char *subject,
    const char *about, const void *record);

/* Decides, and folds what was decided. expected: the version of If-Match, 0 for none. */
enum err play_do(struct play *play, const char *person, const char *office, enum message command,
    const void *body, uint64_t expected);
enum err play_ask(struct play *play, const char *person, const char *office, enum message query,
    const void *body);
/* Does what has fallen due by play->now_ms, until nothing is left; the number of events. */
size_t play_fall_due(struct play *play);
/* To noon of a day, and does what falls due by then, day by day. */
void play_move(struct play *play, int32_t day);
/* Reads a frame of the last answer. Texts are borrowed until the next question. */
void play_read(struct play *play, size_t frame, const struct record *record, void *ret);
/* What reply_head() says of the last answer. */
struct answer play_head(const struct play *play);
uint64_t play_version(const struct play *play, const char *subject);
/* Whether the last refusal has a fault of that member, or a detail with those words. */
bool play_faults(const struct play *play, const char *member);
bool play_says(const struct play *play, const char *words);
/* Folds the whole log into a new state and compares the digests. */
bool play_same_again(const struct play *play);
void play_print(const struct play *play);

#endif
