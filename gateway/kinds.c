#include "kinds.h"

#include <strings.h>

#define ZIP    "PK\003\004"
#define OFFICE "application/vnd.openxmlformats-officedocument"

static const struct kind kinds[] = {
    {"application/pdf", ".pdf", "%PDF-"},
    {"image/png", ".png", "\211PNG\r\n\032\n"},
    {"image/jpeg", ".jpg", "\377\330\377"},
    {"application/zip", ".zip", ZIP},
    {OFFICE ".spreadsheetml.sheet", ".xlsx", ZIP},
    {OFFICE ".wordprocessingml.document", ".docx", ZIP},
    {"text/csv", ".csv", NULL},
    {"text/plain", ".txt", NULL},
    {"application/json", ".json", NULL},
};
#define KINDS (sizeof kinds / sizeof *kinds)

const struct kind *kinds_at(size_t index)
{
    return index < KINDS ? &kinds[index] : NULL;
}

const struct kind *kinds_find(struct text content_type)
{
    struct text rest, type = text_cut(content_type, ';', &rest);
    while (type.len && (type.at[type.len - 1] == ' ' || type.at[type.len - 1] == '\t'))
        type.len--;
    for (size_t i = 0; i < KINDS; i++)
        if (strlen(kinds[i].media) == type.len &&
            strncasecmp(kinds[i].media, type.at, type.len) == 0)
            return &kinds[i];
    return NULL;
}

void kinds_list(struct buf *out)
{
    for (size_t i = 0; i < KINDS; i++)
        buf_printf(out, "%s%s", i ? ", " : "", kinds[i].media);
}

/* Programs and archives are not text, nor is what has a NUL in it. */
static bool is_text(struct text first)
{
    for (size_t i = 0; i < first.len; i++)
        if ((unsigned char)first.at[i] < 0x20 && !strchr("\t\n\r\f", first.at[i]))
            return false;
    return first.len == 0 || memchr(first.at, '\0', first.len) == NULL;
}

const char *kinds_complaint(const struct kind *kind, struct text first)
{
    if (!kind->begins)
        return is_text(first) ? NULL : "does not begin like text";
    return text_starts(first, text_of(kind->begins)) ? NULL : "begins otherwise";
}

const char *kinds_ending(struct text media)
{
    const struct kind *kind = kinds_find(media);
    return kind ? kind->ending : ".bin";
}
