#include "recheck.h"

#include "schema/pack.h"

#include <stdio.h>

#define PAGE          512
#define FAILURES_MOST 3 /* a reading may fail while Redis starts again */
#define RETRY_US      500000

void recheck_name(uint64_t position, struct text packed, char *out, size_t size)
{
    struct event event = {0};
    static struct faults why;
    faults_clear(&why);
    bool readable = pack_read_trusted(event_record(), packed, &event, &why) == OK &&
                    event.type.len <= ID_MAX && event.about.len <= ID_MAX;
    if (readable)
        (void)snprintf(out, size, "event %llu (%.*s of %.*s)", (unsigned long long)position,
            TEXT_ARG(event.type), TEXT_ARG(event.about));
    else
        (void)snprintf(out, size, "event %llu (not readable now)", (unsigned long long)position);
}

static void tell_end(struct recheck *recheck, uint64_t last)
{
    if (!*recheck->found)
        (void)snprintf(recheck->found, sizeof recheck->found,
            "the ledger ends at event %llu, the record has %llu", (unsigned long long)last,
            (unsigned long long)merkle_size(recheck->tree));
}

static void compare(struct recheck *recheck, const struct ledger_entry *entry)
{
    struct digest now = merkle_leaf(entry->packed);
    struct digest then = merkle_leaf_at(recheck->tree, entry->position - 1);
    char name[RECHECK_WHY_SIZE - 60];
    if (*recheck->found || digest_equal(&now, &then))
        return;
    recheck_name(entry->position, entry->packed, name, sizeof name);
    (void)snprintf(recheck->found, sizeof recheck->found, "%s is not what was recorded", name);
}

/* Redis reads its own file first when it starts: that says nothing of the ledger. */
static bool is_starting(struct text why)
{
    return why.len > 0 && memmem(why.at, why.len, "LOADING", 7) != NULL;
}

static void page_came(
    void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    struct recheck *recheck = owner;
    uint64_t asked = recheck->asked;
    recheck->asked = 0;
    if (!entries) {
        if (is_starting(why)) {
            recheck->failures = 1;
            return;
        }
        if (++recheck->failures >= FAILURES_MOST && !*recheck->found)
            (void)snprintf(recheck->found, sizeof recheck->found,
                "the ledger cannot be read again from event %llu: %.*s",
                (unsigned long long)recheck->next, TEXT_ARG(why));
        return;
    }
    for (size_t i = 0; i < count; i++)
        compare(recheck, &entries[i]);
    if (count < asked && ++recheck->failures < FAILURES_MOST)
        return; /* read again: Redis may just have been loading */
    if (count < asked)
        tell_end(recheck, recheck->next + count - 1);
    recheck->failures = 0;
    recheck->next += asked;
    if (recheck->next > merkle_size(recheck->tree)) {
        recheck->next = 1;
        recheck->rounds++;
    }
}

int recheck_turn(struct recheck *recheck, struct ledger *ledger, uint64_t now_us)
{
    uint64_t size = merkle_size(recheck->tree);
    if (recheck->asked || size == 0)
        return -1;
    if (now_us < recheck->due_us)
        return (int)((recheck->due_us - now_us + 999) / 1000);
    uint64_t left = size - recheck->next + 1;
    uint64_t pages = (size + PAGE - 1) / PAGE;
    recheck->asked = left < PAGE ? left : PAGE;
    recheck->due_us = now_us + (recheck->failures ? RETRY_US : recheck->round_us / pages);
    ledger_read(ledger, recheck->next, recheck->next + recheck->asked - 1, (size_t)recheck->asked,
        page_came, recheck);
    return -1;
}
