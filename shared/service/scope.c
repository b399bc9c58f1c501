/* The names of a question about the past, and the merge of their positions. */
#include "service/scope.h"

#include "base/must.h"

#include <stdlib.h>

static void name(struct scope *scope, struct text id, bool about)
{
    must(scope->count < SCOPE_MAX);
    if (id.len == 0 || id.len > ID_MAX)
        return; /* nothing has such a name */
    scope->named[scope->count].about = about;
    scope->named[scope->count].len = id.len;
    memcpy(scope->named[scope->count++].id, id.at, id.len);
}

void scope_subject(struct scope *scope, struct text subject)
{
    name(scope, subject, false);
}

void scope_about(struct scope *scope, struct text about)
{
    name(scope, about, true);
}

uint32_t *scope_positions(
    const struct scope *scope, const struct subjects *subjects, size_t *ret_count)
{
    struct positions lists[SCOPE_MAX] = {0};
    size_t total = 0, count = 0;
    for (size_t i = 0; i < scope->count; i++) {
        struct text id = {scope->named[i].id, scope->named[i].len};
        lists[i] = subjects_positions(subjects, subjects_find(subjects, id), scope->named[i].about);
        total += lists[i].count;
    }
    *ret_count = 0;
    if (total == 0)
        return NULL;
    uint32_t *merged = malloc(total * sizeof *merged);
    must(merged);
    for (;;) {
        uint32_t least = UINT32_MAX;
        for (size_t i = 0; i < scope->count; i++)
            if (lists[i].count && *lists[i].at < least)
                least = *lists[i].at;
        if (least == UINT32_MAX)
            break;
        merged[count++] = least;
        for (size_t i = 0; i < scope->count; i++)
            if (lists[i].count && *lists[i].at == least)
                lists[i] = (struct positions){lists[i].at + 1, lists[i].count - 1};
    }
    *ret_count = count;
    return merged;
}
