#include "schema/way.h"

#include "base/buf.h"

static void write_way(const struct way *way, struct buf *out)
{
    if (!way->up)
        return;
    write_way(way->up, out);
    if (out->len)
        buf_char(out, '/');
    const char *name = way->name.at;
    if (!name) {
        buf_whole(out, way->index);
        return;
    }
    if (way->name.len == 0)
        buf_str(out, "(empty)");
    for (size_t i = 0; i < way->name.len; i++)
        if (name[i] == '~' || name[i] == '/')
            buf_str(out, name[i] == '~' ? "~0" : "~1");
        else
            buf_char(out, name[i]);
}

bool way_fault(const struct way *way, struct faults *why, const char *detail, ...)
{
    char path[80];
    struct buf out = {.at = path, .room = sizeof path - 1, .max = sizeof path - 1};
    write_way(way, &out);
    path[out.len] = '\0';
    va_list args;
    va_start(args, detail);
    faults_addv(why, ERR_INVALID, path, detail, args);
    va_end(args);
    return false;
}
