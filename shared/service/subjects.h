/* Where in the ledger each thing's events lie: how many a subject has (its version), and at which
 * positions, for histories and for things as they were. Compact, because every thing of the ledger
 * is in it. A thing is known by a number that never changes while the index lives. */
#ifndef MISAQ_SERVICE_SUBJECTS_H
#define MISAQ_SERVICE_SUBJECTS_H

#include "base/buf.h"

struct subjects;

#define SUBJECT_NONE UINT32_MAX

struct subjects *subjects_new(void);
void subjects_free(struct subjects *subjects);

/* The number of a thing; SUBJECT_NONE when nothing of that name was seen. */
uint32_t subjects_find(const struct subjects *subjects, struct text id);
/* The same, making it known first. Ids are at most ID_MAX bytes. */
uint32_t subjects_place(struct subjects *subjects, struct text id);

/* Its name, borrowed from the index. */
struct text subjects_id(const struct subjects *subjects, uint32_t thing);

/* Counts one event and returns the version of its subject. Positions grow from call to call and fit
 * 32 bits. */
uint64_t subjects_add(
    struct subjects *subjects, struct text subject, struct text about, uint64_t position);

/* Number of events of which the thing is the subject. */
uint64_t subjects_version(const struct subjects *subjects, uint32_t thing);
/* The same, up to and including a position. */
uint64_t subjects_version_at(const struct subjects *subjects, uint32_t thing, uint64_t position);

/* The positions of the events of a subject, or about a thing: borrowed until the next change. */
struct positions {
    const uint32_t *at;
    size_t count;
};
struct positions subjects_positions(const struct subjects *subjects, uint32_t thing, bool about);

/* A mark for the one decision that is being appended to a subject. */
bool subjects_busy(const struct subjects *subjects, uint32_t thing);
void subjects_set_busy(struct subjects *subjects, uint32_t thing, bool busy);

#endif
