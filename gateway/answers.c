#include "answers.h"

#include "base/must.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <uthash.h>
#include <utlist.h>

#define SUBJECTS_MAX   65536
#define ENTRY_OVERHEAD 256 /* what an entry costs besides its key and value, about */

struct subject {
    UT_hash_handle hh;
    uint64_t last; /* position of its last event that was heard, or `floor` when none was */
    struct entry *entries;
    size_t len;
    char id[ID_MAX];
};

struct entry {
    UT_hash_handle hh;
    struct entry *prev, *next;     /* of the clock */
    struct entry *older, *younger; /* of the subject */
    struct subject *subject;
    void *kept;
    size_t cost;
    bool used; /* since the hand of the clock passed */
    size_t len;
    char key[];
};

struct answers {
    uint64_t most;
    uint64_t reached; /* every event up to here has been heard */
    uint64_t floor;   /* of events up to here the subjects are not known */
    answers_on_release *release;
    struct entry *entries;    /* by key */
    struct entry *clock;      /* the head is looked at next for eviction */
    struct subject *subjects; /* by id */
    struct answers_counts counts;
};

struct answers *answers_new(uint64_t bytes, answers_on_release *release)
{
    struct answers *answers = calloc(1, sizeof *answers);
    must(answers);
    answers->most = bytes;
    answers->release = release;
    answers->floor = UINT64_MAX; /* until following begins nothing can be kept */
    return answers;
}

/* Here and below the analyzer does not see that the macros move the heads of the lists. */
static void drop(struct answers *answers, struct entry *entry)
{
    /* NOLINTBEGIN(clang-analyzer-core.NullDereference) */
    HASH_DEL(answers->entries, entry);
    DL_DELETE(answers->clock, entry);
    DL_DELETE2(entry->subject->entries, entry, older, younger);
    /* NOLINTEND(clang-analyzer-core.NullDereference) */
    answers->counts.bytes -= entry->cost;
    answers->counts.entries--;
    answers->release(entry->kept);
    free(entry);
}

static void forget_all(struct answers *answers)
{
    while (answers->clock)
        drop(answers, answers->clock); /* NOLINT(clang-analyzer-unix.Malloc) */
    for (struct subject *subject = answers->subjects, *next; subject; subject = next) {
        next = subject->hh.next;
        HASH_DEL(answers->subjects, subject); /* NOLINT(clang-analyzer-unix.Malloc) */
        free(subject);
    }
}

void answers_free(struct answers *answers)
{
    if (!answers)
        return;
    forget_all(answers);
    free(answers);
}

void *answers_find(struct answers *answers, struct text key, uint64_t least)
{
    struct entry *entry = NULL;
    if (answers->reached >= least)
        HASH_FIND(hh, answers->entries, key.at, key.len, entry);
    if (!entry) {
        answers->counts.misses++;
        return NULL;
    }
    answers->counts.hits++;
    entry->used = true;
    return entry->kept;
}

/* Makes room for `cost` more: what was not used since the hand came by last goes first. */
static void make_room(struct answers *answers, size_t cost)
{
    while (answers->clock && answers->counts.bytes + cost > answers->most) {
        struct entry *entry = answers->clock;
        if (entry->used) {
            entry->used = false;
            DL_DELETE(answers->clock, entry);
            DL_APPEND(answers->clock, entry);
            continue;
        }
        answers->counts.evicted++;
        drop(answers, entry);
    }
}

static struct subject *subject_of(struct answers *answers, struct text id)
{
    struct subject *subject;
    HASH_FIND(hh, answers->subjects, id.at, id.len, subject);
    if (subject || id.len > ID_MAX)
        return subject;
    if (HASH_COUNT(answers->subjects) >= SUBJECTS_MAX) {
        /* What was heard of each is given up: answers from before now can no longer be judged. */
        forget_all(answers);
        answers->floor = answers->reached;
    }
    subject = calloc(1, sizeof *subject);
    must(subject);
    subject->last = answers->floor;
    subject->len = id.len;
    memcpy(subject->id, id.at, id.len);
    HASH_ADD(hh, answers->subjects, id[0], id.len, subject);
    return subject;
}

void answers_keep(struct answers *answers, struct text key, struct text subject, uint64_t position,
    void *kept, size_t size)
{
    size_t cost = sizeof(struct entry) + key.len + size + ENTRY_OVERHEAD;
    struct subject *of = NULL;
    if (cost <= answers->most && position >= answers->floor)
        of = subject_of(answers, subject);
    /* An event behind the answer's position has been heard: it was stale when it arrived. */
    if (!of || of->last > position) {
        answers->release(kept);
        return;
    }
    struct entry *entry;
    HASH_FIND(hh, answers->entries, key.at, key.len, entry);
    if (entry)
        drop(answers, entry);
    make_room(answers, cost);
    entry = calloc(1, sizeof *entry + key.len);
    must(entry);
    entry->subject = of;
    entry->kept = kept;
    entry->cost = cost;
    entry->len = key.len;
    memcpy(entry->key, key.at, key.len);
    HASH_ADD(hh, answers->entries, key[0], key.len, entry);
    DL_APPEND(answers->clock, entry);
    DL_APPEND2(of->entries, entry, older, younger);
    answers->counts.bytes += cost;
    answers->counts.entries++;
}

void answers_begin(struct answers *answers, uint64_t position)
{
    forget_all(answers);
    answers->reached = answers->floor = position;
}

void answers_event(struct answers *answers, struct text subject, uint64_t position)
{
    struct subject *of = subject_of(answers, subject);
    answers->reached = position;
    if (!of)
        return;
    of->last = position;
    while (of->entries) { /* NOLINT(clang-analyzer-unix.Malloc) */
        answers->counts.dropped++;
        drop(answers, of->entries); /* NOLINT(clang-analyzer-unix.Malloc) */
    }
}

const struct answers_counts *answers_counts(const struct answers *answers)
{
    return &answers->counts;
}
