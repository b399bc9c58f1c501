#include "lines.h"

#include "apply.h"

#include "base/utf8.h"

#include <string.h>

#define WHAT_MOST 200 /* code points of a line */

static struct text cut(struct text text)
{
    size_t len = 0;
    for (size_t points = 0; len < text.len && points < WHAT_MOST; points++) {
        size_t width = utf8_width(text.at + len, text.len - len);
        len += width ? width : 1;
    }
    return (struct text){text.at, len < text.len ? len : text.len};
}

static size_t place_of(const struct lines *lines, enum line_kind kind, uint32_t number)
{
    size_t low = 0, high = lines->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct line *line = &lines->at[middle];
        if (line->kind < kind || (line->kind == kind && line->number < number))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct line *lines_find(const struct lines *lines, enum line_kind kind, uint32_t number)
{
    size_t place = place_of(lines, kind, number);
    bool found =
        place < lines->count && lines->at[place].kind == kind && lines->at[place].number == number;
    return found ? &lines->at[place] : NULL;
}

void lines_drop(struct lines *lines, struct line *line)
{
    if (!line)
        return;
    model_drop(&line->what);
    size_t behind = lines->count - (size_t)(line - lines->at) - 1;
    memmove(line, line + 1, behind * sizeof *line);
    lines->count--;
}

/* Takes the place of the line of that kind and number, if there is one. */
struct line *lines_put(struct lines *lines, enum line_kind kind, uint32_t number, struct text id,
    struct text what, const struct happened *happened)
{
    lines_drop(lines, lines_find(lines, kind, number));
    size_t place = place_of(lines, kind, number);
    lines->at = apply_room(lines->at, lines->count, &lines->room, sizeof *lines->at);
    struct line *line = &lines->at[place];
    memmove(line + 1, line, (lines->count - place) * sizeof *line);
    lines->count++;
    *line = (struct line){.kind = kind,
        .number = number,
        .what = model_keep(cut(what)),
        .state = "",
        .position = happened->position,
        .made = happened->position};
    apply_id(line->id, id);
    return line;
}

uint32_t lines_next(const struct lines *lines, enum line_kind kind)
{
    size_t place = place_of(lines, kind, UINT32_MAX);
    bool any = place > 0 && lines->at[place - 1].kind == kind;
    return any ? lines->at[place - 1].number + 1 : 1;
}

struct line *lines_find_id(const struct lines *lines, enum line_kind kind, struct text id)
{
    for (size_t i = place_of(lines, kind, 0); i < lines->count; i++)
        if (lines->at[i].kind == kind && text_is(id, lines->at[i].id))
            return &lines->at[i];
    return NULL;
}

void lines_drop_all(struct lines *lines, enum line_kind kind)
{
    for (size_t i = lines->count; i > 0; i--)
        if (lines->at[i - 1].kind == kind)
            lines_drop(lines, &lines->at[i - 1]);
}

struct line *lines_first(const struct lines *lines, enum line_kind kind)
{
    size_t place = place_of(lines, kind, 0);
    return place < lines->count && lines->at[place].kind == kind ? &lines->at[place] : NULL;
}
