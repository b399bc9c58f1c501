/* The names of a question about the past, and the merge of their positions. */
#include "service/scope.h"

#include "base/must.h"

#include <stdlib.h>

void scope_free(struct scope *scope)
{
    free(scope->named);
    *scope = (struct scope){0};
}

static void name(struct scope *scope, struct text id, bool about)
{
    if (id.len == 0 || id.len > ID_MAX)
        return; /* nothing has such a name */
    if (scope->count == scope->room) {
        scope->room = scope->room ? 2 * scope->room : 4;
        scope->named = realloc(scope->named, scope->room * sizeof *scope->named);
        must(scope->named);
    }
    struct scope_name *named = &scope->named[scope->count++];
    *named = (struct scope_name){.about = about, .len = id.len};
    memcpy(named->id, id.at, id.len);
}

void scope_subject(struct scope *scope, struct text subject)
{
    name(scope, subject, false);
}

void scope_about(struct scope *scope, struct text about)
{
    name(scope, about, true);
}

static int by_place(const void *a, const void *b)
{
    const uint32_t *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

static struct positions positions_of(
    const struct scope_name *named, const struct subjects *subjects)
{
    struct text id = {named->id, named->len};
    return subjects_positions(subjects, subjects_find(subjects, id), named->about);
}

uint32_t *scope_positions(
    const struct scope *scope, const struct subjects *subjects, size_t *ret_count)
{
    size_t total = 0, count = 0, once = 0;
    for (size_t i = 0; i < scope->count; i++)
        total += positions_of(&scope->named[i], subjects).count;
    *ret_count = 0;
    if (total == 0)
        return NULL;
    uint32_t *merged = malloc(total * sizeof *merged);
    must(merged);
    for (size_t i = 0; i < scope->count; i++) {
        const struct positions list = positions_of(&scope->named[i], subjects);
        if (list.count)
            memcpy(merged + count, list.at, list.count * sizeof *merged);
        count += list.count;
    }
    qsort(merged, count, sizeof *merged, by_place);
    for (size_t i = 0; i < count; i++)
        if (once == 0 || merged[once - 1] != merged[i])
            merged[once++] = merged[i];
    *ret_count = once;
    return merged;
}
