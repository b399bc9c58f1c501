/* One list of errors for the whole system, and the faults that explain one refusal.
 * A refusal names every member, line or rule that is wrong, not only the first. */
#ifndef MISAQ_BASE_ERR_H
#define MISAQ_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK       __attribute__((warn_unused_result))
#define PRINTF(fmt, arg) __attribute__((format(printf, fmt, arg)))

enum err {
    OK = 0,
#define ERR(name, http, word, sentence) ERR_##name,
#include "base/err.def"
#undef ERR
    ERR_COUNT
};

/* HTTP status of an error; 200 for OK. */
int err_http(enum err err);
/* Wire word of an error ("not-found"); "ok" for OK. */
const char *err_word(enum err err);
/* The sentence for people. */
const char *err_sentence(enum err err);
/* The error of a wire word; ERR_INTERNAL for a word that is not in the table. */
enum err err_from_word(const char *word, size_t len);

/* One thing that is wrong. `member` is a path below the body without a leading slash
 * ("milestones/3"), "" for the whole. line and column count from 1 and are 0 where the
 * input has none. */
struct fault {
    enum err err;
    uint32_t line;
    uint32_t column;
    char member[88];
    char detail[256];
};

#define FAULTS_KEPT 100

/* What is wrong with one request: the first FAULTS_KEPT in full, the rest by number.
 * Start from `struct faults why = {0}`, or faults_clear(). */
struct faults {
    uint32_t total;        /* all that were found */
    uint32_t line, column; /* put into each fault added from now on; 0 outside of lines */
    char prefix[40];       /* put before each member added from now on, "rows/12/" */
    struct fault kept[FAULTS_KEPT];
};

void faults_clear(struct faults *why);
/* Records a fault and returns its error, so that a refusal is one statement:
 *     return faults_add(why, ERR_INVALID, "weight", "weights sum to %s, not 100", sum);
 * Members and details that are too long are cut at a character. */
enum err faults_add(struct faults *why, enum err err, const char *member, const char *detail, ...)
    PRINTF(4, 5);
enum err faults_addv(struct faults *why, enum err err, const char *member, const char *detail,
    va_list args) PRINTF(4, 0);
/* The error of the whole: OK when nothing was added, else that of the first fault. */
enum err faults_err(const struct faults *why);
/* How many of the faults are in kept[]. */
uint32_t faults_kept(const struct faults *why);

#endif
