/* A cursor, a short buffer for what came too early, and pages of the ledger for what did not come.
 * Two pages are under way at once when much is missing. What the bus brings while they are is
 * folded as well; a page then skips what lies behind the cursor, so nothing is folded twice. */
#include "service/follow.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define EARLY_MAX       1024 /* events */
#define EARLY_BYTES_MAX (4u * 1024u * 1024u)
#define PAGE            2000 /* events */
#define PAGES_AHEAD     2
#define HOLE_US         20000 /* how long a gap may be just disorder */
#define RETRY_US        1000000
#define TO_THE_END      ((uint64_t)INT64_MAX)

struct early {
    uint64_t position; /* 0: free */
    char *packed;
    size_t len;
};

struct follow {
    struct ledger *ledger;
    follow_on_event *event;
    void *owner;
    uint64_t position, head;
    struct early early[EARLY_MAX]; /* that of position p lies at p % EARLY_MAX */
    size_t early_bytes;
    bool crowded; /* an event had no room: the ledger is needed anyway */

    uint64_t gap_since_us;       /* 0: nothing is missing */
    uint64_t goal;               /* last position to be read; 0: not reading */
    uint64_t next;               /* first position that no page asks for yet */
    uint64_t asked[PAGES_AHEAD]; /* first positions of the pages under way, oldest first */
    unsigned pages;              /* under way */
    uint64_t retry_at_us;        /* after a read that did not bring what it should have */
    bool failed;                 /* the last read: wait before the next */
    bool refresh;                /* read to the end as soon as nothing is under way */
    bool caught_up;
    bool stuck; /* for good */
    uint64_t holes;
    char why[200];
};

struct follow *follow_new(
    struct ledger *ledger, uint64_t position, follow_on_event *event, void *owner)
{
    struct follow *follow = calloc(1, sizeof *follow);
    must(follow);
    follow->ledger = ledger;
    follow->event = event;
    follow->owner = owner;
    follow->position = follow->head = position;
    follow->refresh = true;
    return follow;
}

static void early_clear(struct follow *follow, struct early *early)
{
    follow->early_bytes -= early->len;
    free(early->packed);
    *early = (struct early){0};
}

void follow_free(struct follow *follow)
{
    if (!follow)
        return;
    for (size_t i = 0; i < EARLY_MAX; i++)
        early_clear(follow, &follow->early[i]);
    free(follow);
}

void follow_refresh(struct follow *follow)
{
    follow->refresh = true;
}

/* Folds the event behind the cursor; false when it cannot be. */
static bool fold(struct follow *follow, uint64_t position, struct text packed)
{
    must(position == follow->position + 1);
    const char *why = follow->event(follow->owner, position, packed);
    if (why) {
        follow->stuck = true;
        (void)snprintf(follow->why, sizeof follow->why, "event %llu cannot be folded: %s",
            (unsigned long long)position, why);
        return false;
    }
    follow->position = position;
    if (follow->head < position)
        follow->head = position;
    return true;
}

static void fold_early(struct follow *follow)
{
    for (;;) {
        struct early *early = &follow->early[(follow->position + 1) % EARLY_MAX];
        if (early->position && early->position <= follow->position)
            early_clear(follow, early); /* a page was faster */
        if (early->position != follow->position + 1 ||
            !fold(follow, early->position, (struct text){early->packed, early->len}))
            return;
        early_clear(follow, early);
    }
}

static void keep_early(struct follow *follow, uint64_t position, struct text packed)
{
    struct early *early = &follow->early[position % EARLY_MAX];
    if (early->position && early->position <= follow->position)
        early_clear(follow, early);
    if (early->position == position)
        return;
    char *copy = NULL;
    if (position - follow->position <= EARLY_MAX &&
        follow->early_bytes + packed.len <= EARLY_BYTES_MAX)
        copy = malloc(packed.len + 1);
    if (!copy) {
        follow->crowded = true;
        return;
    }
    memcpy(copy, packed.at, packed.len);
    *early = (struct early){position, copy, packed.len};
    follow->early_bytes += packed.len;
}

void follow_offer(struct follow *follow, uint64_t position, struct text packed)
{
    follow_head(follow, position);
    if (follow->stuck || position <= follow->position)
        return;
    if (position > follow->position + 1)
        keep_early(follow, position, packed);
    else if (fold(follow, position, packed))
        fold_early(follow);
}

void follow_head(struct follow *follow, uint64_t head)
{
    if (head > follow->head)
        follow->head = head;
}

static void request_pages(struct follow *follow);

static void fold_page(struct follow *follow, const struct ledger_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].position <= follow->position)
            continue; /* the bus was faster */
        if (entries[i].position > follow->position + 1)
            return; /* the page before was short, and this one lies behind what came since */
        if (!fold(follow, entries[i].position, entries[i].packed))
            return;
    }
    fold_early(follow);
}

/* A page that was not full, though everything before it is folded: the ledger ends here. */
static void end_came(struct follow *follow)
{
    if (follow->goal == TO_THE_END)
        follow->caught_up = true;
    else if (follow->position < follow->goal) {
        follow->head = follow->position; /* it does not reach as far as somebody said */
        follow->failed = true;
    }
    follow->goal = 0;
}

static void page_came(
    void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    struct follow *follow = owner;
    uint64_t first = follow->asked[0];
    memmove(follow->asked, follow->asked + 1, sizeof follow->asked - sizeof *follow->asked);
    follow->pages--;
    if (follow->stuck)
        return;
    if (!entries) {
        follow->failed = true;
        (void)snprintf(
            follow->why, sizeof follow->why, "the ledger cannot be read: %.*s", TEXT_ARG(why));
        return;
    }
    if (count == PAGE && !follow->failed)
        request_pages(follow); /* so that Redis works while this one is folded */
    fold_page(follow, entries, count);
    if (follow->stuck)
        return;
    follow->why[0] = '\0';
    if (count < PAGE && first <= follow->position + 1)
        end_came(follow);
    else if (follow->position >= follow->goal)
        follow->goal = 0;
}

static void request_pages(struct follow *follow)
{
    if (follow->next <= follow->position)
        follow->next = follow->position + 1;
    while (follow->pages < PAGES_AHEAD && follow->next <= follow->goal) {
        uint64_t first = follow->next, left = follow->goal - first;
        uint64_t last = left < PAGE ? follow->goal : first + PAGE - 1;
        follow->next = last + 1;
        follow->asked[follow->pages++] = first;
        ledger_read(follow->ledger, first, last, PAGE, page_came, follow);
    }
}

static bool is_missing_something(const struct follow *follow)
{
    return follow->position < follow->head;
}

/* Decides up to where to read now; 0: nowhere. */
static uint64_t choose_goal(struct follow *follow, uint64_t now_us)
{
    if (follow->goal)
        return follow->goal;
    if (follow->refresh) {
        follow->refresh = false;
        return TO_THE_END;
    }
    if (!is_missing_something(follow)) {
        follow->gap_since_us = 0;
        return 0;
    }
    if (follow->gap_since_us == 0)
        follow->gap_since_us = now_us;
    if (now_us - follow->gap_since_us < HOLE_US && !follow->crowded)
        return 0;
    follow->holes++;
    return follow->head;
}

void follow_turn(struct follow *follow, uint64_t now_us)
{
    if (follow->stuck || follow->pages > 0)
        return;
    if (follow->failed) {
        follow->failed = false;
        follow->retry_at_us = now_us + RETRY_US;
    }
    if (now_us < follow->retry_at_us)
        return;
    follow->goal = choose_goal(follow, now_us);
    if (follow->goal == 0)
        return;
    follow->gap_since_us = 0;
    follow->crowded = false;
    follow->next = 0;
    request_pages(follow);
}

int follow_wait_ms(const struct follow *follow, uint64_t now_us)
{
    uint64_t until_us = now_us;
    if (follow->stuck || follow->pages > 0)
        return -1;
    if (follow->failed)
        return 0;
    if (now_us < follow->retry_at_us)
        until_us = follow->retry_at_us;
    else if (follow->goal || follow->refresh)
        return 0;
    else if (!is_missing_something(follow))
        return -1;
    else if (follow->gap_since_us && !follow->crowded)
        until_us = follow->gap_since_us + HOLE_US;
    return until_us <= now_us ? 0 : (int)((until_us - now_us + 999) / 1000);
}

uint64_t follow_position(const struct follow *follow)
{
    return follow->position;
}

uint64_t follow_known_head(const struct follow *follow)
{
    return follow->head;
}

bool follow_caught_up(const struct follow *follow)
{
    return follow->caught_up;
}

const char *follow_stuck(const struct follow *follow)
{
    return follow->why[0] ? follow->why : NULL;
}

uint64_t follow_holes(const struct follow *follow)
{
    return follow->holes;
}
