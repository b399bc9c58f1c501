/* An entry is five parts in a row: [id, [field, event]]. Its id must be n-0 with n the position
 * after that of the entry before, its one field "e". */
#include "ledger/page.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define ENTRY_PARTS 5

void page_free(struct page *page)
{
    free(page->entries);
    *page = (struct page){0};
}

static bool refuse(char why[PAGE_WHY_SIZE], uint64_t position, const char *what, struct text id)
{
    (void)snprintf(why, PAGE_WHY_SIZE,
        "entry %llu of the ledger %s (its id is %.*s): the ledger was altered; stop and restore it",
        (unsigned long long)position, what, id.len > 40 ? 40 : (int)id.len, id.at ? id.at : "");
    return false;
}

static bool position_from(struct text id, uint64_t *ret_position)
{
    if (id.len < 3 || memcmp(id.at + id.len - 2, "-0", 2) != 0)
        return false;
    return text_whole((struct text){id.at, id.len - 2}, UINT64_MAX, ret_position);
}

static bool read_entry(const struct reply *reply, size_t from, uint64_t expected,
    struct ledger_entry *ret_entry, char why[PAGE_WHY_SIZE])
{
    const struct reply_part *part = reply->parts + from;
    bool shaped = from + 1 < reply->count && part[0].kind == REPLY_ARRAY && part[0].len == 2;
    struct text id = shaped ? reply_text(reply, part[1]) : (struct text){0};
    uint64_t position;
    if (!shaped || !position_from(id, &position))
        return refuse(why, expected, "is missing: what follows has no position", id);
    if (position != expected)
        return refuse(why, expected, "is missing: another follows", id);
    bool one_field = from + ENTRY_PARTS <= reply->count && part[2].kind == REPLY_ARRAY &&
                     part[2].len == 2 && text_is(reply_text(reply, part[3]), "e");
    if (!one_field)
        return refuse(why, expected, "is not one field \"e\"", id);
    *ret_entry = (struct ledger_entry){position, reply_text(reply, part[4])};
    return true;
}

bool page_read(
    struct page *page, const struct reply *reply, uint64_t first, char why[PAGE_WHY_SIZE])
{
    struct reply_part top = reply_at(reply, 0);
    if (top.kind != REPLY_ARRAY) {
        (void)snprintf(why, PAGE_WHY_SIZE,
            "Redis answered a read with something else: is "
            "MISAQ_REDIS really Redis?");
        return false;
    }
    if (!page->entries || page->room < top.len) {
        page->room = top.len > 64 ? top.len : 64;
        page->entries = realloc(page->entries, page->room * sizeof *page->entries);
        must(page->entries);
    }
    page->count = 0;
    for (size_t i = 0; i < top.len; i++)
        if (!read_entry(reply, 1 + i * ENTRY_PARTS, first + i, &page->entries[i], why))
            return false;
    page->count = top.len;
    return true;
}
